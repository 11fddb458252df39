/** The Fluent UI web components that the pages use, and no others: each is a part of the bundle. */

import '@fluentui/web-components/avatar.js';
import '@fluentui/web-components/badge.js';
import '@fluentui/web-components/button.js';
import '@fluentui/web-components/counter-badge.js';
import '@fluentui/web-components/field.js';
import '@fluentui/web-components/label.js';
import '@fluentui/web-components/menu-item.js';
import '@fluentui/web-components/menu-list.js';
import '@fluentui/web-components/menu.js';
import '@fluentui/web-components/message-bar.js';
import '@fluentui/web-components/radio-group.js';
import '@fluentui/web-components/radio.js';
import '@fluentui/web-components/spinner.js';
import '@fluentui/web-components/text-input.js';
import '@fluentui/web-components/textarea.js';
import type { Avatar, Button, CounterBadge, RadioGroup, TextArea, TextInput } from '@fluentui/web-components';

declare global {
  interface HTMLElementTagNameMap {
    'fluent-avatar': Avatar;
    'fluent-badge': HTMLElement;
    'fluent-button': Button;
    'fluent-counter-badge': CounterBadge;
    'fluent-field': HTMLElement;
    'fluent-label': HTMLElement;
    'fluent-menu': HTMLElement;
    'fluent-menu-item': HTMLElement;
    'fluent-menu-list': HTMLElement;
    'fluent-message-bar': HTMLElement;
    'fluent-radio': HTMLElement;
    'fluent-radio-group': RadioGroup;
    'fluent-spinner': HTMLElement;
    'fluent-text-input': TextInput;
    'fluent-textarea': TextArea;
  }
}
