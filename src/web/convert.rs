//! Between Rust and JavaScript values. The one place that knows how.

use jackfield_wire::lean::Json;
use jackfield_wire::{Code, WireError};
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

/// JSON that was read already, or written here.
pub(super) fn parsed(json: &str) -> JsValue {
    js_sys::JSON::parse(json).unwrap_or(JsValue::UNDEFINED)
}

/// A field that can't be taken.
pub(super) fn invalid(field: &str, remedy: &str) -> WireError {
    let mut message = field.to_owned();
    message.push_str(": ");
    message.push_str(remedy);
    WireError::new(Code::InvalidField, message)
}

/// An object of the package's own JavaScript, with what the application put in it.
pub(super) struct Fields(JsValue);

impl Fields {
    pub(super) fn new(object: JsValue) -> Self {
        Self(object)
    }

    pub(super) fn get(&self, key: &str) -> JsValue {
        Reflect::get(&self.0, &key.into()).unwrap_or(JsValue::UNDEFINED)
    }

    pub(super) fn optional_text(&self, key: &str) -> Option<String> {
        self.get(key).as_string()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.get(key).is_truthy()
    }

    pub(super) fn number(&self, key: &str) -> Result<Option<u64>, WireError> {
        let value = self.get(key);
        if value.is_undefined() {
            return Ok(None);
        }
        let whole = value.as_f64().filter(|n| *n >= 0.0 && n.fract() == 0.0);
        whole.map(|n| Some(n as u64)).ok_or_else(|| invalid(key, "give a whole number, 0 or more"))
    }
}

/// An error as the package's JavaScript makes a `JackfieldError` of.
pub(super) fn error_to_js(error: &WireError) -> JsValue {
    parsed(&error_json(error))
}

/// The same as JSON.
pub(super) fn error_json(error: &WireError) -> String {
    let mut json = Json::new();
    json.text("code", error.code.name()).text("message", &error.message);
    json.flag("retryable", error.code.is_retryable());
    if let Some(ms) = error.retry_after_ms {
        json.whole("retryAfterMs", ms.into());
    }
    json.end()
}

/// Reads an error that the package's JavaScript made: `{ code, message }`; anything else counts as `fallback`.
pub(super) fn error_from_js(value: &JsValue, fallback: Code) -> WireError {
    let text = |key: &str| Reflect::get(value, &key.into()).ok().and_then(|v| v.as_string());
    let code = text("code").as_deref().and_then(Code::from_name).unwrap_or(fallback);
    WireError::new(code, text("message").unwrap_or_else(|| code.name().to_owned()))
}

/// Sets a property of an object made here.
pub(super) fn set(object: &Object, key: &str, value: &JsValue) {
    // Fails only for frozen objects and setters that throw.
    let _ = Reflect::set(object, &key.into(), value);
}

/// A property of the global object, if there is one.
pub(super) fn global(name: &str) -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &name.into()).ok().filter(|value| !value.is_undefined())
}
