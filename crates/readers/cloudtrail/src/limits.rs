//! Texts out of files that nobody vouches for: as much as is sound, a piece at a time.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// Most bytes of text that one file may hold, unpacked.
pub(crate) const LARGEST_TEXT: u64 = 2 << 30;

/// Largest record, in bytes; CloudTrail's own limit is 256 KiB, 1 MiB with enrichment.
pub(crate) const LARGEST_RECORD: usize = 2 << 20;

/// Problems of one file that are told one by one.
pub(crate) const MOST_PROBLEMS: usize = 20;

/// Bytes handed on at a time.
const PIECE: usize = 64 << 10;

/// Hands the text of a file on, piece by piece; returns why it ended before the file did.
pub(crate) fn text_of(bytes: impl Read, take: &mut dyn FnMut(&[u8])) -> Option<String> {
    let mut plain = BufReader::with_capacity(PIECE, bytes);
    let begins = match plain.fill_buf() {
        Ok(bytes) => bytes,
        Err(error) => return Some(format!("the file cannot be read: {error}")),
    };
    if begins.starts_with(&[0x1f, 0x8b]) {
        let end = pieces(MultiGzDecoder::new(plain), take);
        return end.map(|why| format!("the file cannot be unpacked further: {why}"));
    }
    pieces(plain, take).map(|why| format!("the file cannot be read further: {why}"))
}

fn pieces(mut text: impl Read, take: &mut dyn FnMut(&[u8])) -> Option<String> {
    let mut piece = vec![0; PIECE];
    let mut left = LARGEST_TEXT;
    loop {
        let count = match text.read(&mut piece) {
            Ok(0) => return None,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Some(error.to_string()),
        };
        take(piece.get(..count).unwrap_or_default());
        left = left.saturating_sub(count as u64);
        if left == 0 {
            return Some(format!("it holds more than {} GiB", LARGEST_TEXT >> 30));
        }
    }
}
