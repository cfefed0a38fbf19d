//! Digits, times and IDs as bytes: what a generator spends its time on.

/// Decimal digits.
pub(crate) fn number(out: &mut Vec<u8>, value: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = value;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// RFC 3339; all of the data lies within one day.
pub(crate) fn clock(out: &mut Vec<u8>, time: i64) {
    let millis = time.rem_euclid(86_400_000) as u64;
    out.extend_from_slice(b"2026-03-14T");
    for (value, after) in [
        (millis / 3_600_000, b':'),
        (millis / 60_000 % 60, b':'),
        (millis / 1_000 % 60, b'.'),
    ] {
        out.extend_from_slice(&[b'0' + (value / 10) as u8, b'0' + (value % 10) as u8, after]);
    }
    let thousandths = millis % 1_000;
    for power in [100, 10, 1] {
        out.push(b'0' + (thousandths / power % 10) as u8);
    }
    out.push(b'Z');
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// RFC 9562, version 4.
    pub(crate) fn uuid(&mut self) -> [u8; 36] {
        let high = (self.next() & !0xf000) | 0x4000;
        let low = (self.next() & !(0b11 << 62)) | (0b10 << 62);
        let bits = (u128::from(high) << 64) | u128::from(low);
        let mut text = [b'-'; 36];
        let mut shift = 128;
        for (at, digit) in text.iter_mut().enumerate() {
            if !matches!(at, 8 | 13 | 18 | 23) {
                shift -= 4;
                *digit = b"0123456789abcdef"[(bits >> shift) as usize & 15];
            }
        }
        text
    }
}
