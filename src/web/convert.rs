//! Between Rust and JavaScript values. The one place that knows how.

use jackfield_wire::{AttributeValue, Attributes, Code, Number, WireError};
use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// A plain object, array or value: maps become objects, numbers stay numbers (all are below 2⁵³).
pub(super) fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // Fails only for keys that are not text, which no type here has.
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
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

    pub(super) fn text(&self, key: &str) -> Result<String, WireError> {
        self.optional_text(key).ok_or_else(|| invalid(key, "give a text"))
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

    pub(super) fn id<T: TryFrom<String>>(&self, key: &str) -> Result<T, WireError> {
        id(key, self.get(key))
    }

    pub(super) fn optional_id<T: TryFrom<String>>(&self, key: &str) -> Result<Option<T>, WireError> {
        let value = self.get(key);
        if value.is_undefined() { Ok(None) } else { id(key, value).map(Some) }
    }

    pub(super) fn ids<T: TryFrom<String>>(&self, key: &str) -> Result<Vec<T>, WireError> {
        let list: Array = self.get(key).dyn_into().map_err(|_| invalid(key, "give a list of ids"))?;
        list.iter().map(|value| id(key, value)).collect()
    }

    /// Attributes by name.
    pub(super) fn attributes(&self, key: &str) -> Result<Attributes, WireError> {
        let value = self.get(key);
        if value.is_undefined() {
            return Ok(Attributes::new());
        }
        let wrong = || {
            invalid(key, "give an object whose values are texts, numbers, true or false, or lists of texts")
        };
        let object: Object = value.dyn_into().map_err(|_| wrong())?;
        let pair = |pair: JsValue| {
            let pair = Array::from(&pair);
            pair.get(0).as_string().zip(attribute(&pair.get(1))).ok_or_else(wrong)
        };
        Object::entries(&object).iter().map(pair).collect()
    }
}

fn attribute(value: &JsValue) -> Option<AttributeValue> {
    if let Some(list) = value.dyn_ref::<Array>() {
        let texts: Option<Vec<String>> = list.iter().map(|text| text.as_string()).collect();
        return texts.map(AttributeValue::Texts);
    }
    let number = || value.as_f64().and_then(Number::new).map(AttributeValue::Number);
    value.as_string().map(Into::into).or_else(|| value.as_bool().map(Into::into)).or_else(number)
}

fn id<T: TryFrom<String>>(key: &str, value: JsValue) -> Result<T, WireError> {
    let made = value.as_string().and_then(|text| T::try_from(text).ok());
    made.ok_or_else(|| invalid(key, "give an id: 1 to 64 ASCII letters, digits or _ . : @ -"))
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
