//! UUIDs as they are stored.

use super::row::Uuid;

/// 16 bytes where the text is a lower-case UUID, so that the text can be written back; else the text.
pub(super) fn read(text: &str) -> Uuid {
    bytes(text).map_or_else(|| Uuid::Text(text.to_owned()), Uuid::Bytes)
}

fn bytes(text: &str) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let mut uuid = [0; 16];
    let mut place = 0;
    for byte in &mut uuid {
        if matches!(place, 8 | 13 | 18 | 23) {
            if text[place] != b'-' {
                return None;
            }
            place += 1;
        }
        *byte = digit(text[place])? << 4 | digit(text[place + 1])?;
        place += 2;
    }
    Some(uuid)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_uuids_become_bytes() {
        let expected = [0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f, 0x60, 0x71, 0x82, 0x93, 0xa4, 0xb5, 0xc6, 0xd7, 0xe8, 0xf9];
        assert_eq!(read("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"), Uuid::Bytes(expected));
        for text in [
            "",
            "u1",
            "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9",
            "0a1b2c3d04e5f06071082930a4b5c6d7e8f9",
            "é".repeat(18).as_str(),
        ] {
            assert_eq!(read(text), Uuid::Text(text.to_owned()));
        }
    }
}
