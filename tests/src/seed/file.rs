//! Files to attach, real ones: each opens in the program that its name promises.

/// A picture, 24-bit RGB: `paint` says the colour at `(x, y)`, both from 0 to 1.
pub(super) fn png(width: u32, height: u32, paint: impl Fn(f32, f32) -> [u8; 3]) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..height {
        rows.push(0); // No filter.
        for x in 0..width {
            rows.extend(paint(ratio(x, width), ratio(y, height)));
        }
    }
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]); // 8 bits, RGB, the only methods, not interlaced.

    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &zlib_stored(&rows));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn ratio(part: u32, whole: u32) -> f32 {
    f32::from(u16::try_from(part).unwrap_or(0)) / f32::from(u16::try_from(whole).unwrap_or(1))
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend(length(data).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let sum = crc32(&file[start..]);
    file.extend(sum.to_be_bytes());
}

/// RFC 1950 around RFC 1951 blocks that are not compressed.
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let size = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(size.to_le_bytes());
        out.extend((!size).to_le_bytes());
        out.extend(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in data {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend((b << 16 | a).to_be_bytes());
    out
}

/// A baseline JPEG in shades of grey, a block of 8 by 8 to each: its mean alone is coded (ITU-T T.81).
pub(super) fn jpeg(columns: u16, rows: u16, shade: impl Fn(u16, u16) -> u8) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    // One quantisation table, all ones: a coefficient is what it says.
    segment(&mut file, 0xdb, &[&[0], [1; 64].as_slice()].concat());
    let [height, width] = [(rows * 8).to_be_bytes(), (columns * 8).to_be_bytes()];
    segment(&mut file, 0xc0, &[8, height[0], height[1], width[0], width[1], 1, 1, 0x11, 0]);
    // DC: categories 0 to 11, four bits each. AC: the end of the block alone, one bit.
    let categories: Vec<u8> = (0..12).collect();
    segment(
        &mut file,
        0xc4,
        &[&[0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &*categories].concat(),
    );
    segment(&mut file, 0xc4, &[0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    segment(&mut file, 0xda, &[1, 1, 0x00, 0, 63, 0]);

    let mut bits = Bits::default();
    let mut before = 0_i32;
    for row in 0..rows {
        for column in 0..columns {
            let mean = (i32::from(shade(column, row)) - 128) * 8;
            bits.difference(mean - before);
            bits.push(0, 1);
            before = mean;
        }
    }
    file.extend(bits.finish());
    file.extend([0xff, 0xd9]);
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, data: &[u8]) {
    file.extend([0xff, marker]);
    file.extend(u16::try_from(data.len() + 2).unwrap_or(u16::MAX).to_be_bytes());
    file.extend(data);
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    open: u32,
    count: u32,
}

impl Bits {
    /// T.81 section F.1.2.1: the category, then that many bits; negative ones counted down from all ones.
    fn difference(&mut self, difference: i32) {
        let category = 32 - difference.unsigned_abs().leading_zeros();
        self.push(category, 4);
        let value = if difference < 0 { difference - 1 } else { difference };
        self.push(value.cast_unsigned() & ((1 << category) - 1), category);
    }

    fn push(&mut self, value: u32, count: u32) {
        for place in (0..count).rev() {
            self.open = self.open << 1 | (value >> place & 1);
            self.count += 1;
            if self.count == 8 {
                let byte = (self.open & 0xff).to_le_bytes()[0];
                self.bytes.push(byte);
                if byte == 0xff {
                    self.bytes.push(0); // Else it were a marker.
                }
                (self.open, self.count) = (0, 0);
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        while self.count != 0 {
            self.push(1, 1);
        }
        self.bytes
    }
}

/// One page of text lines.
pub(super) fn pdf(lines: &[&str]) -> Vec<u8> {
    let escape = |line: &str| line.replace('\\', r"\\").replace('(', r"\(").replace(')', r"\)");
    let shown: String = lines.iter().map(|line| format!("({}) Tj T*\n", escape(line))).collect();
    let stream = format!("BT /F1 12 Tf 16 TL 72 770 Td\n{shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = file.len();
    file += &format!("xref\n0 6\n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

/// An archive of files that are stored, not compressed.
pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in files {
        let offset = length(&file);
        // Version 2.0, no flags, stored, 1 January 1980.
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc32(data).to_le_bytes());
        common.extend(length(data).to_le_bytes());
        common.extend(length(data).to_le_bytes());
        common.extend(u16::try_from(name.len()).unwrap_or(0).to_le_bytes());
        common.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(*data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let offset = length(&file);
    let count = u16::try_from(files.len()).unwrap_or(0).to_le_bytes();
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count, count].concat());
    file.extend(length(&directory).to_le_bytes());
    file.extend(offset.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// Bytes that no compression makes shorter, the same every time (xorshift64).
pub(super) fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

fn length(data: &[u8]) -> u32 {
    u32::try_from(data.len()).unwrap_or(u32::MAX)
}

/// ISO 3309, as PNG and ZIP use it.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| sum >> 1 ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc32_of_the_known_nine_digits() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_jpegs_bits_never_look_like_a_marker() {
        let file = jpeg(16, 16, |column, row| u8::try_from((column * 37 + row * 91) % 256).unwrap());
        let scan = file.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
        let markers = file[scan + 2..].windows(2).filter(|pair| pair[0] == 0xff && pair[1] != 0);
        assert_eq!(markers.count(), 1, "only the end of the image");
    }
}
