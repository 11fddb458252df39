//! Between Rust and JavaScript values. The one place that knows how.

use jackfield_wire::{Code, WireError};
use js_sys::{Object, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// A plain object, array or value: maps become objects, numbers stay numbers (all are below 2⁵³).
pub(super) fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // Fails only for keys that are not text, which no type here has.
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

/// Reads what the package's own JavaScript, or an application through it, gave.
///
/// By way of JSON: commands and options are small and rare, and a second reader of every type would be a tenth of the WebAssembly.
///
/// # Errors
/// `invalidField`, naming what is missing or wrong.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, WireError> {
    let refused = |error: &dyn std::fmt::Display| WireError::new(Code::InvalidField, error.to_string());
    let text = js_sys::JSON::stringify(&value).ok().and_then(|text| text.as_string());
    let text = text.ok_or_else(|| refused(&"the value can't be written as JSON"))?;
    serde_json::from_str(&text).map_err(|error| refused(&error))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    code: Code,
    message: &'a str,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u32>,
}

/// An error as the package's JavaScript makes a `JackfieldError` of.
pub(super) fn error_to_js(error: &WireError) -> JsValue {
    to_js(&Problem {
        code: error.code,
        message: &error.message,
        retryable: error.code.info().retryable,
        retry_after_ms: error.retry_after_ms,
    })
}

/// Reads an error that the package's JavaScript made: `{ code, message }`; anything else counts as `fallback`.
pub(super) fn error_from_js(value: &JsValue, fallback: Code) -> WireError {
    let text = |key: &str| Reflect::get(value, &key.into()).ok().and_then(|v| v.as_string());
    let code = text("code").as_deref().and_then(Code::from_name).unwrap_or(fallback);
    WireError::new(code, text("message").unwrap_or_else(|| code.info().cause.to_owned()))
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
