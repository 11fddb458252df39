//! How each type is read from JSON: the small ones here, the others by [`crate::declare`].

use crate::json::{Reader, Wrong};
use std::collections::BTreeMap;

/// A type that can be read.
pub(crate) trait Read: Sized {
    /// Reads one, or says what is wrong and where.
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong>;

    /// What a field of this type is where it is left out; `None` where it must be there.
    fn absent() -> Option<Self> {
        None
    }
}

impl Read for String {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        from.text().map(Into::into)
    }
}

impl Read for bool {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        from.flag()
    }
}

impl Read for u64 {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        from.whole()
    }
}

impl Read for u32 {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        from.whole()?.try_into().map_err(|_| from.wrong("must be a whole number from 0 to 2³² - 1"))
    }
}

impl Read for u8 {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        from.whole()?.try_into().map_err(|_| from.wrong("must be a whole number from 0 to 255"))
    }
}

impl Read for f32 {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        let (text, _) = from.number()?;
        // JSON has no infinity: what is too large for a number is refused, not rounded up to it.
        let number = text.parse().ok().filter(|number: &f32| number.is_finite());
        number.ok_or_else(|| from.wrong("must be a number of less than 3.4e38"))
    }
}

impl<T: Read> Read for Option<T> {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        if from.null()? { Ok(None) } else { T::read(from).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Box<T> {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        T::read(from).map(Box::new)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        let mut list = Vec::new();
        from.array(&mut |from| T::read(from).map(|item| list.push(item)))?;
        Ok(list)
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        let mut map = BTreeMap::new();
        from.members(&mut |from, key| T::read(from).map(|value| drop(map.insert(key.to_owned(), value))))?;
        Ok(map)
    }
}
