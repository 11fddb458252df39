//! Whatever bytes arrive, the decoder gives frames or a coded error, and what it read it can write and read again.
#![no_main]

use jackfield_wire::{ClientFrame, decode_client, decode_server, encode, lean};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(frames) = decode_client(text) {
        for frame in frames {
            // A command that is wrong is refused by its id: it has no text of its own.
            if matches!(frame, ClientFrame::Refused { .. }) {
                continue;
            }
            let written = encode(&frame).expect("what was read can be written");
            let again = decode_client(&written).expect("what was written can be read");
            assert_eq!(encode(&again[0]).expect("and written again"), written);
        }
    }
    let _ = decode_server(text);
    let _ = lean::decode_server(text);
    let _ = lean::Command::parse(text);
});
