//! Any bytes are read or refused; what is read can be owned, shown and walked; a strict reader takes no more than
//! a forgiving one, and says the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postern_protocol::imap::{Fetch, Reader, Response, Responses};

fuzz_target!(|input: &[u8]| {
    for raw in Responses::new(input) {
        let strict = Reader { strict: true, ..Reader::default() }.read(raw);
        match Reader::default().read(raw) {
            Err(_) => assert!(strict.is_err()),
            Ok(reading) => {
                if let Ok(strict) = strict {
                    assert!(reading.quirks.is_empty());
                    assert_eq!(strict.response, reading.response);
                }
                walk(&reading.response);
                assert_eq!(reading.response.clone().into_owned(), reading.response);
            }
        }
    }
});

fn walk(response: &Response<'_>) {
    assert!(!format!("{response:?}").is_empty());
    let Response::Fetch(Fetch { body_structure: Some(body), .. }) = response else { return };
    for part in body.parts().take(50) {
        assert_eq!(body.part(&part.number()).map(|found| found.number()), Some(part.number()));
        assert!(part.children().all(|child| child.depth() == part.depth() + 1));
    }
}
