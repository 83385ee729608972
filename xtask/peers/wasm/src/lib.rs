//! Our reader as a module for Node: `measure.mjs` holds the clock.

use std::hint::black_box;

use postern_protocol::imap::{Reader, Response, Responses};
use wasm_bindgen::prelude::wasm_bindgen;

/// A file in the module's memory, and what was read of it.
#[wasm_bindgen]
pub struct Session {
    bytes: Vec<u8>,
    kept: Vec<Response<'static>>,
    errors: usize,
}

#[wasm_bindgen]
impl Session {
    /// Takes in the file.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, kept: Vec::new(), errors: 0 }
    }

    /// Reads all of it once, and tells how many responses there were.
    pub fn read(&mut self, keep: bool) -> usize {
        let reader = Reader::default();
        self.kept.clear();
        self.errors = 0;
        let mut count = 0;
        for raw in Responses::new(&self.bytes) {
            count += 1;
            match reader.read(raw) {
                Ok(reading) if keep => self.kept.push(reading.response.into_owned()),
                Ok(reading) => drop(black_box(reading)),
                Err(_) => self.errors += 1,
            }
        }
        count
    }

    /// How many could not be read the last time.
    pub fn errors(&self) -> usize {
        self.errors
    }
}
