//! A value kept as bytes until it is needed: what a large archive has many of and few look at.

use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value of type `T`, written down.
pub struct Packed<T> {
    bytes: Box<[u8]>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Packed<T> {
    pub fn new(value: &T) -> Packed<T> {
        let bytes = postcard::to_stdvec(value).expect("plain data can always be written");
        Packed { bytes: bytes.into(), of: PhantomData }
    }

    /// The value; nothing where the bytes are not one, as they may be after they were kept in a
    /// file.
    pub fn get(&self) -> Option<T> {
        postcard::from_bytes(&self.bytes).ok()
    }
}

impl<T> Clone for Packed<T> {
    fn clone(&self) -> Packed<T> {
        Packed { bytes: self.bytes.clone(), of: PhantomData }
    }
}

impl<T> Default for Packed<T> {
    fn default() -> Packed<T> {
        Packed { bytes: Box::default(), of: PhantomData }
    }
}

impl<T> std::fmt::Debug for Packed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{} bytes", self.bytes.len())
    }
}

impl<T> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.bytes)
    }
}

impl<'de, T> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Packed<T>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Box<[u8]>;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Box<[u8]>, E> {
                Ok(bytes.into())
            }
        }
        Ok(Packed { bytes: deserializer.deserialize_bytes(Bytes)?, of: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_value_comes_out_as_it_went_in() {
        let packed = Packed::new(&vec![("灯".to_owned(), 1u32)]);
        assert_eq!(packed.get(), Some(vec![("灯".to_owned(), 1)]));
        let kept = postcard::to_stdvec(&packed).expect("plain data");
        let again: Packed<Vec<(String, u32)>> = postcard::from_bytes(&kept).expect("it was written");
        assert_eq!(again.get(), packed.get());
        assert_eq!(Packed::<String>::default().get(), None);
    }
}
