//! A value kept as bytes until it is needed: what a large archive has many of and few look at. The
//! bytes are here, or on a shelf. Never tells who looks that a shelf has lost them: the shelf does.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::key::{Key, key_of_bytes};

/// A value of type `T`, written down. Serialised, it is told by its key; the bytes go elsewhere.
pub struct Packed<T> {
    parcel: Parcel,
    of: PhantomData<fn() -> T>,
}

/// The bytes of a packed value.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Parcel {
    key: Key,
    len: u32,
    #[serde(skip)]
    held: Held,
}

#[derive(Clone, Default)]
enum Held {
    /// Only their key is known.
    #[default]
    Nowhere,
    Here(Box<[u8]>),
    /// From this byte of the shelf on.
    Shelved(Arc<dyn Shelf>, u64),
}

/// What holds bytes for later.
pub trait Shelf: Send + Sync {
    /// So many bytes from one on, if they are those of this key. A shelf that cannot give what was
    /// put there has to remember that it was asked.
    fn take(&self, start: u64, len: usize, key: Key) -> Option<Vec<u8>>;
}

impl Parcel {
    fn of(bytes: Vec<u8>) -> Parcel {
        let len = u32::try_from(bytes.len()).expect("a packed value is small");
        Parcel { key: key_of_bytes(&bytes), len, held: Held::Here(bytes.into()) }
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Says where the bytes are, after the parcel itself was read.
    pub fn shelve(&mut self, shelf: &Arc<dyn Shelf>, start: u64) {
        self.held = Held::Shelved(shelf.clone(), start);
    }

    /// Appends the bytes; false where they cannot be had.
    pub fn push_to(&self, bytes: &mut Vec<u8>) -> bool {
        self.look(|own| bytes.extend_from_slice(own)).is_some()
    }

    fn look<T>(&self, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        match &self.held {
            Held::Nowhere => None,
            Held::Here(bytes) => Some(look(bytes)),
            Held::Shelved(shelf, start) => shelf.take(*start, self.len(), self.key).map(|bytes| look(&bytes)),
        }
    }
}

impl<T: Serialize + DeserializeOwned> Packed<T> {
    pub fn new(value: &T) -> Packed<T> {
        let bytes = postcard::to_stdvec(value).expect("plain data can always be written");
        Packed { parcel: Parcel::of(bytes), of: PhantomData }
    }

    /// The value; nothing where its bytes cannot be had, or are none.
    pub fn get(&self) -> Option<T> {
        self.parcel.look(|bytes| postcard::from_bytes(bytes).ok())?
    }
}

impl<T> Packed<T> {
    pub fn parcel(&self) -> &Parcel {
        &self.parcel
    }

    pub fn parcel_mut(&mut self) -> &mut Parcel {
        &mut self.parcel
    }
}

impl<T> Clone for Packed<T> {
    fn clone(&self) -> Packed<T> {
        Packed { parcel: self.parcel.clone(), of: PhantomData }
    }
}

impl<T> Default for Packed<T> {
    fn default() -> Packed<T> {
        Packed { parcel: Parcel::default(), of: PhantomData }
    }
}

impl<T> std::fmt::Debug for Packed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{} bytes of {:x}", self.parcel.len, self.parcel.key)
    }
}

impl<T> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.parcel.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Packed<T>, D::Error> {
        Ok(Packed { parcel: Parcel::deserialize(deserializer)?, of: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bytes(Vec<u8>);

    impl Shelf for Bytes {
        fn take(&self, start: u64, len: usize, key: Key) -> Option<Vec<u8>> {
            let bytes = self.0.get(start as usize..start as usize + len)?;
            (key_of_bytes(bytes) == key).then(|| bytes.to_vec())
        }
    }

    #[test]
    fn a_packed_value_comes_out_as_it_went_in() {
        let packed = Packed::new(&vec![("灯".to_owned(), 1u32)]);
        assert_eq!(packed.get(), Some(vec![("灯".to_owned(), 1)]));
        assert_eq!(Packed::<String>::default().get(), None);
    }

    #[test]
    fn a_value_on_a_shelf_is_told_by_its_key_and_taken_when_it_is_asked_for() {
        let packed = Packed::new(&"灯".to_owned());
        let mut bytes = b"before".to_vec();
        assert!(packed.parcel().push_to(&mut bytes));
        let kept = postcard::to_stdvec(&packed).expect("plain data");
        let mut again: Packed<String> = postcard::from_bytes(&kept).expect("it was written");
        assert_eq!((again.get(), again.parcel().len()), (None, bytes.len() - 6));
        let shelf: Arc<dyn Shelf> = Arc::new(Bytes(bytes));
        again.parcel_mut().shelve(&shelf, 6);
        assert_eq!(again.get(), packed.get());
        again.parcel_mut().shelve(&shelf, 5);
        assert_eq!(again.get(), None, "other bytes are no value");
        assert_eq!(postcard::to_stdvec(&again), Ok(kept), "wherever it is, its key is the same");
    }
}
