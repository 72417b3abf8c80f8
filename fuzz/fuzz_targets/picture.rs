#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| diglot_fuzz::picture(bytes));
