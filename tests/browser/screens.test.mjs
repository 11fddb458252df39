// Pictures of every page in its main states, for eyes; written to target/screens. What can be judged without eyes is judged:
// nothing scrolls sideways and nothing complains, at any width, in any theme and language.
// UPDATE_PICTURE=1 also makes www/agent-desktop.png, the one picture that is checked in.
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AgentDesk, CustomerPage, until, Wallboard } from '../lib/pages.mjs';
import { LOOKS, pictured } from '../lib/screens.mjs';
import { bothHeard, Stage } from '../lib/stage.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const stage = new Stage();

for (const [theme, language] of LOOKS) {
  test(`screens: ${theme}, ${language}`, { timeout: 240_000 }, async t => {
    const gateway = await stage.gateway(t);
    const people = language === 'ko' ? { name: '김하늘', subject: '주문한 상품이 아직 오지 않았어요' } : { name: 'Ada Park', subject: 'My order has not arrived' };
    const { options: look, dress, shoot } = pictured(t, stage, theme, language);
    const board = await dress(await Wallboard.open(stage.left, gateway, look));
    const agent = await dress(await AgentDesk.open(stage.left, gateway, { ...look, user: language === 'ko' ? 'joon' : 'mina' }));
    const customer = await dress(await CustomerPage.open(stage.right, gateway, { ...look, name: people.name }));
    await agent.ready();
    await shoot(customer, 'customer-form');
    await shoot(agent, 'agent-empty');
    await customer.ask('chat', { subject: people.subject });
    await agent.sees('offer');
    await shoot(agent, 'agent-offer');
    await shoot(customer, 'customer-waiting');
    await agent.accept();
    await converse(agent, customer, language);
    await shoot(agent, 'agent-chat');
    await fillCard(agent, language);
    await agent.at('details-toggle').dispatchEvent('click');
    await shoot(agent, 'agent-card');
    await agent.click('attributes-edit');
    await shoot(agent, 'agent-attributes');
    await agent.page.keyboard.press('Escape');
    await agent.at('details-toggle').dispatchEvent('click');
    await customer.click('escalate');
    await agent.sees('offer', { 'data-kind': 'escalation' });
    await shoot(agent, 'agent-escalation');
    await agent.click('offer-accept');
    await bothHeard(agent, customer);
    await shoot(agent, 'agent-call');
    await shoot(customer, 'customer-call');
    await shoot(board, 'supervisor');
    if (process.env.UPDATE_PICTURE && theme === 'light' && language === 'en') {
      await agent.page.setViewportSize({ width: 1440, height: 900 });
      await agent.page.screenshot({ path: join(ROOT, 'www/agent-desktop.png') });
    }
    await customer.click('end-conversation');
    await agent.sees('wrapup');
    await shoot(agent, 'agent-wrapup');
    await shoot(customer, 'customer-ended');
  });
}

async function converse(agent, customer, language) {
  const lines = language === 'ko'
    ? [['c', '안녕하세요, 지난주에 주문한 상품이 아직 도착하지 않았어요.'], ['a', '안녕하세요! 바로 확인해 드릴게요. 주문 번호를 알려 주시겠어요?'], ['c', 'JF-20417입니다.'], ['a', '확인했습니다. 내일 오전에 도착할 예정입니다.']]
    : [['c', 'Hello, the order I placed last week has not arrived.'], ['a', 'Good morning! Let me look into it. What is your order number?'], ['c', 'It is JF-20417.'], ['a', 'Found it. The parcel left our depot this morning and should be with you tomorrow before noon.']];
  for (const [who, text] of lines) {
    await (who === 'a' ? agent : customer).write(text);
    await (who === 'a' ? customer : agent).reads(text);
  }
}

async function fillCard(agent, language) {
  for (const tag of ['Order', 'VIP']) {
    await agent.at('tag-input').fill(tag);
    await agent.page.keyboard.press('Enter');
    await until('added', () => agent.at('tag-input').inputValue(), text => text === '');
  }
  await agent.at('note-input').fill(language === 'ko' ? '바우처가 아니라 환불을 원하십니다.' : 'Wants the money back, not a voucher.');
  await agent.click('note-add');
  await agent.sees('note');
}
