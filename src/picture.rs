//! Pictures as pages show them: how large one is, and smaller copies of it. Never touches the
//! disk, enlarges nothing, and takes no more memory than it says.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::{FilterType, resize, thumbnail};
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, Rgba32FImage, RgbaImage,
};
use serde::{Deserialize, Serialize};

use crate::key::{Key, key_of_bytes};
use crate::slug::SitePath;

/// The shorter sides that copies have: what the theme shows, at one to three dots per pixel.
const SIDES: [u32; 4] = [64, 128, 224, 336];
/// How much a picture may take when it is unpacked, in bytes: some 30 million dots.
const UNPACKED: u64 = 96 * 1024 * 1024;
/// From how much on only one picture is unpacked at a time.
const LARGE: u64 = 8 * 1024 * 1024;
/// How long the longer side may be, in dots.
const LONGEST: u32 = 20_000;
/// How many times as long as wide a picture may be to have copies: the theme cuts it to a square.
const LONGER: u32 = 4;
const QUALITY: u8 = 82;

/// A picture and its smaller copies, from the smallest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub copies: Vec<Smaller>,
}

/// A smaller copy of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Smaller {
    pub width: u32,
    pub form: Form,
    pub hash: Key,
    /// In bytes.
    pub len: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    Jpeg,
    Png,
}

/// What came of a file that is shown as a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is of a kind that is left alone: a drawing, an animation.
    AsItIs,
    Shrunk(Arc<Picture>),
    /// It is no picture, or too large; in words.
    Wrong(String),
}

/// The pictures of a site, by where they are published.
#[derive(Debug, Default)]
pub struct Pictures(HashMap<String, (Key, Arc<Picture>)>);

impl Pictures {
    /// `key` is that of the picture's bytes.
    pub fn add(&mut self, path: &SitePath, key: Key, picture: Arc<Picture>) {
        self.0.insert(path.as_str().to_owned(), (key, picture));
    }

    pub fn get(&self, path: &SitePath) -> Option<(Key, &Picture)> {
        self.0.get(path.as_str()).map(|(key, picture)| (*key, &**picture))
    }

    pub fn key(&self, path: &SitePath) -> Option<Key> {
        self.get(path).map(|(key, _)| key)
    }

    /// Every copy of every picture, those of equal bytes once: the picture's key, and its place.
    pub fn copies(&self) -> Vec<(Key, &Arc<Picture>)> {
        let mut all: Vec<_> = self.0.values().map(|(key, picture)| (*key, picture)).collect();
        all.sort_unstable_by_key(|(key, _)| u128::from(*key));
        all.dedup_by_key(|(key, _)| *key);
        all
    }
}

impl Smaller {
    /// Where the copy of a picture is published: by its bytes, so that browsers may keep it.
    pub fn path(&self, key: Key) -> SitePath {
        let key = format!("{:032x}", u128::from(key));
        let end = match self.form {
            Form::Jpeg => "jpg",
            Form::Png => "png",
        };
        SitePath::file(format!("pictures/{}-{}.{end}", &key[..16], self.width))
    }
}

impl Picture {
    fn side(&self) -> u32 {
        self.width.min(self.height)
    }

    /// How many times as wide as its shorter side it is, in hundredths.
    pub fn ratio(&self) -> u32 {
        self.width * 100 / self.side().max(1)
    }

    /// Whether it is itself among the sizes that are worth offering.
    pub fn is_small(&self) -> bool {
        self.copies.is_empty() || self.side() <= SIDES[SIDES.len() - 1]
    }
}

/// Looks at the bytes of a picture and makes smaller copies, with the bytes of each.
pub fn shrink(bytes: &[u8]) -> (Outcome, Vec<Vec<u8>>) {
    let as_it_is = (Outcome::AsItIs, Vec::new());
    let wrong = |error: image::ImageError| (Outcome::Wrong(told(&error)), Vec::new());
    let Some(format) = format_of(bytes) else { return as_it_is };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(2 * UNPACKED);
    reader.limits(limits);
    let mut decoder = match reader.into_decoder() {
        Ok(decoder) => decoder,
        Err(error) => return wrong(error),
    };
    let (width, height) = decoder.dimensions();
    let size = decoder.total_bytes();
    if size > UNPACKED {
        let most = UNPACKED / 1024 / 1024;
        let size = size / 1024 / 1024;
        let message =
            format!("it has {width} × {height} dots, {size} MiB unpacked, and {most} are taken at most");
        return (Outcome::Wrong(message), Vec::new());
    }
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = (size > LARGE).then(|| ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner));
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let mut image = match DynamicImage::from_decoder(decoder) {
        Ok(image) => image,
        Err(error) => return wrong(error),
    };
    image.apply_orientation(orientation);
    let mut picture = Picture { width: image.width(), height: image.height(), copies: Vec::new() };
    if picture.side() * LONGER < image.width().max(image.height()) {
        return (Outcome::Shrunk(Arc::new(picture)), Vec::new());
    }
    let mut copies = Vec::new();
    let large = smoothed(image);
    let whole = picture.side();
    for side in SIDES.into_iter().filter(|side| *side < whole) {
        let (width, height) = scaled(picture.width, picture.height, side);
        let small = resize(&large, width, height, FilterType::CatmullRom);
        let (form, own) = encoded(&small, profile.as_deref());
        // A copy that is no shorter than its picture helps nobody.
        if own.len() < bytes.len() {
            picture.copies.push(Smaller { width, form, hash: key_of_bytes(&own), len: own.len() as u64 });
            copies.push(own);
        }
    }
    (Outcome::Shrunk(Arc::new(picture)), copies)
}

/// The kinds that are looked into; by what is in the file, whatever it is called.
fn format_of(bytes: &[u8]) -> Option<ImageFormat> {
    let format = image::guess_format(bytes).ok()?;
    let animated = match format {
        ImageFormat::Png => holds(bytes, b"acTL"),
        ImageFormat::WebP => holds(bytes, b"ANIM"),
        ImageFormat::Jpeg => false,
        _ => return None,
    };
    (!animated).then_some(format)
}

/// Whether a mark stands in the head of a file.
fn holds(bytes: &[u8], mark: &[u8]) -> bool {
    memchr::memmem::find(&bytes[..bytes.len().min(4096)], mark).is_some()
}

/// What an error says, in few words.
fn told(error: &image::ImageError) -> String {
    crate::text::shortened(&error.to_string().replace('\n', " "), 160)
}

/// A width and a height with this shorter side.
fn scaled(width: u32, height: u32, side: u32) -> (u32, u32) {
    let shorter = u64::from(width.min(height).max(1));
    let own = |length: u32| (u64::from(length) * u64::from(side)).div_ceil(shorter) as u32;
    (own(width), own(height))
}

/// A picture at twice the size of its largest copy at most, its colours weighed by how much of
/// them is seen, in numbers that lose nothing when it is made smaller again.
fn smoothed(image: DynamicImage) -> Rgba32FImage {
    let (width, height) = (image.width(), image.height());
    let most = SIDES[SIDES.len() - 1] * 2;
    let seen = |image: RgbaImage| {
        let mut image = DynamicImage::ImageRgba8(image).into_rgba32f();
        for image::Rgba([red, green, blue, alpha]) in image.pixels_mut() {
            for colour in [red, green, blue] {
                *colour *= *alpha;
            }
        }
        image
    };
    if width.min(height) <= most {
        return seen(image.into_rgba8());
    }
    let (width, height) = scaled(width, height, most);
    if image.color().has_alpha() {
        seen(thumbnail(&image.into_rgba8(), width, height))
    } else {
        seen(DynamicImage::ImageRgb8(thumbnail(&image.into_rgb8(), width, height)).into_rgba8())
    }
}

/// A small picture as bytes: without loss where that is no longer, or where one sees through it.
fn encoded(image: &Rgba32FImage, profile: Option<&[u8]>) -> (Form, Vec<u8>) {
    let mut whole = RgbaImage::new(image.width(), image.height());
    let mut is_clear = false;
    for (image::Rgba([red, green, blue, alpha]), dot) in image.pixels().zip(whole.pixels_mut()) {
        let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        let colour = |part: &f32| if *alpha > 0.0 { byte(part / alpha) } else { 0 };
        *dot = image::Rgba([colour(red), colour(green), colour(blue), byte(*alpha)]);
        is_clear |= dot.0[3] < 255;
    }
    let image = DynamicImage::ImageRgba8(whole);
    let image = if is_clear { image } else { DynamicImage::ImageRgb8(image.into_rgb8()) };
    let no_loss = "a small picture can always be written into memory";
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Best, PngFilter::Adaptive);
    if let Some(profile) = profile {
        // A format that has no room for a profile does without.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    image.write_with_encoder(encoder).expect(no_loss);
    if is_clear {
        return (Form::Png, png);
    }
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    if let Some(profile) = profile {
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    image.write_with_encoder(encoder).expect(no_loss);
    if png.len() <= jpeg.len() { (Form::Png, png) } else { (Form::Jpeg, jpeg) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    /// A picture with something to see in every corner.
    fn drawn(width: u32, height: u32) -> DynamicImage {
        let dot =
            |x: u32, y: u32| image::Rgb([(x * 7 % 251) as u8, (y * 5 % 241) as u8, ((x ^ y) % 256) as u8]);
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, dot))
    }

    fn bytes(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn picture(bytes: &[u8]) -> (Arc<Picture>, Vec<Vec<u8>>) {
        match shrink(bytes) {
            (Outcome::Shrunk(picture), copies) => (picture, copies),
            (other, _) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_large_picture_has_copies_of_every_size_and_a_small_one_is_not_enlarged() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let (found, copies) = picture(&bytes(&drawn(1200, 600), format));
            assert_eq!((found.width, found.height, found.ratio()), (1200, 600, 200), "{format:?}");
            let widths: Vec<u32> = found.copies.iter().map(|copy| copy.width).collect();
            assert_eq!(widths, [128, 256, 448, 672], "{format:?}");
            for (copy, own) in found.copies.iter().zip(&copies) {
                let read = image::load_from_memory(own).unwrap();
                assert_eq!((read.width(), read.height()), (copy.width, copy.width / 2));
                assert_eq!((copy.hash, copy.len), (key_of_bytes(own), own.len() as u64));
            }
        }
        let (small, copies) = picture(&bytes(&drawn(60, 60), ImageFormat::Png));
        assert!(small.copies.is_empty() && copies.is_empty());
        assert!(small.is_small());
    }

    #[test]
    fn what_one_sees_through_stays_so() {
        let clear = RgbaImage::from_fn(400, 400, |x, y| {
            image::Rgba([(x ^ y) as u8, 40, 90, if x < 200 { 0 } else { 255 }])
        });
        let (found, copies) = picture(&bytes(&DynamicImage::ImageRgba8(clear), ImageFormat::Png));
        assert_eq!(found.copies[0].form, Form::Png);
        let read = image::load_from_memory(&copies[0]).unwrap().into_rgba8();
        assert_eq!((read.get_pixel(2, 2).0[3], read.get_pixel(60, 60).0[3]), (0, 255));
        assert_eq!(read.get_pixel(60, 60).0[1], 40);
    }

    #[test]
    fn the_same_bytes_give_the_same_copies() {
        let bytes = bytes(&drawn(700, 900), ImageFormat::Jpeg);
        assert_eq!(shrink(&bytes), shrink(&bytes));
    }

    #[test]
    fn other_kinds_are_left_alone() {
        for other in
            [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a\x01\x00\x01\x00", b"", b"text"]
        {
            assert_eq!(shrink(other), (Outcome::AsItIs, Vec::new()));
        }
    }

    #[test]
    fn a_broken_picture_is_told_wherever_it_breaks() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let whole = bytes(&drawn(120, 120), format);
            for cut in (12..whole.len() - 40).step_by(97) {
                // Some decoders make do with what is there: what must not be is a panic.
                let _ = shrink(&whole[..cut]);
            }
            assert!(matches!(shrink(&whole[..60]).0, Outcome::Wrong(_)), "{format:?}");
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        // A header that says 19,000 × 19,000, and nothing behind it.
        let mut bomb = bytes(&drawn(1, 1), ImageFormat::Png);
        bomb[16..20].copy_from_slice(&19_000u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&19_000u32.to_be_bytes());
        let sum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        let Outcome::Wrong(message) = shrink(&bomb).0 else { panic!("it was unpacked") };
        assert!(message.contains("19000 × 19000"), "{message}");
    }

    /// What PNG checks its chunks by.
    fn crc(bytes: &[u8]) -> u32 {
        let step = |sum: u32, byte: &u8| {
            (0..8)
                .fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
        };
        !bytes.iter().fold(u32::MAX, step)
    }
}
