//! The escapes of JSON strings.

/// Decodes the inside of a JSON string onto `out`. `None` at an escape that JSON does not have.
pub fn unescape(mut text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    while let Some(at) = memchr::memchr(b'\\', text) {
        out.extend_from_slice(&text[..at]);
        let code = *text.get(at + 1)?;
        text = &text[at + 2..];
        let byte = match code {
            b'"' | b'\\' | b'/' => code,
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                text = unescape_unicode(text, out)?;
                continue;
            }
            _ => return None,
        };
        out.push(byte);
    }
    out.extend_from_slice(text);
    Some(())
}

fn unescape_unicode<'a>(text: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    let first = hex4(text)?;
    let mut rest = &text[4..];
    let mut code = first;
    if (0xD800..0xDC00).contains(&first) && rest.starts_with(b"\\u") {
        let second = hex4(&rest[2..])?;
        if (0xDC00..0xE000).contains(&second) {
            code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            rest = &rest[6..];
        }
    }
    let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    Some(rest)
}

fn hex4(text: &[u8]) -> Option<u32> {
    text.get(..4)?.iter().try_fold(0, |code, byte| {
        Some(code << 4 | char::from(*byte).to_digit(16)?)
    })
}
