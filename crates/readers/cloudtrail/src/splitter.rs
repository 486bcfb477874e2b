//! Finds where records begin and end in a stream of bytes, without a look at what they say.

use crate::limits::LARGEST_RECORD;

/// The keys under which a file lists its records.
const LISTS: &[&[u8]] = &[b"Records", b"Events"];

/// Stands for the brackets around records once the list of them has ended.
const OVER: usize = usize::MAX;

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// The text of a record, from bracket to bracket.
    Record(&'a [u8]),
    /// A record that is too large to be kept.
    TooLarge,
    /// Something between records that is none.
    Stray,
    /// What was read of a record, or of the list around records, that does not end.
    Broken(&'a [u8]),
}

/// Splits a text into records: top-level objects, objects in a top-level list, and those in the
/// list `Records` of a top-level object.
#[derive(Default)]
pub(crate) struct Splitter {
    /// Brackets that are open.
    depth: usize,
    /// Brackets that are open around the records of a list.
    around: usize,
    /// The bytes of the object that is open.
    held: Vec<u8>,
    is_too_large: bool,
    is_stray: bool,
    in_text: bool,
    is_escaped: bool,
    /// The last text in the outermost object: perhaps a key.
    key: Vec<u8>,
    /// The last byte that was neither in a text nor white space.
    before: u8,
    /// Line of the byte that is looked at, from 0.
    line: u32,
    /// Line on which the object begins.
    begin: u32,
}

impl Splitter {
    /// Looks at more of the text; every record found goes to `take` with its line, from 1.
    pub(crate) fn add(&mut self, bytes: &[u8], take: &mut dyn FnMut(u32, Piece<'_>)) {
        for byte in bytes {
            self.look_at(*byte, take);
            if *byte == b'\n' {
                self.line = self.line.saturating_add(1);
            }
        }
    }

    /// The text has ended.
    pub(crate) fn finish(&mut self, take: &mut dyn FnMut(u32, Piece<'_>)) {
        if self.is_in_record() {
            self.give_up(take);
        } else if self.depth > 0 {
            take(self.line + 1, Piece::Broken(&[]));
        }
        *self = Self::default();
    }

    fn is_in_record(&self) -> bool {
        self.depth > self.around
    }

    /// The record that is open does not end.
    fn give_up(&mut self, take: &mut dyn FnMut(u32, Piece<'_>)) {
        let piece = if self.is_too_large { Piece::TooLarge } else { Piece::Broken(&self.held) };
        take(self.begin + 1, piece);
        self.held.clear();
        self.depth = self.around;
        self.in_text = false;
    }

    fn look_at(&mut self, byte: u8, take: &mut dyn FnMut(u32, Piece<'_>)) {
        if self.in_text {
            self.hold(byte);
            self.look_at_text(byte, take);
            return;
        }
        match byte {
            b'"' if self.depth > 0 => {
                self.hold(byte);
                self.in_text = true;
                if self.depth == self.around {
                    self.look_between(byte, take);
                }
                if self.depth == 1 {
                    self.key.clear();
                }
            }
            b'{' => self.open_object(take),
            b'[' if self.depth == 0 => {
                self.depth = 1;
                self.around = 1;
            }
            b'[' if self.depth == 1 && self.around == 0 && LISTS.contains(&self.key.as_slice()) => {
                self.depth = 2;
                self.around = 2;
                self.held.clear();
            }
            b'[' => {
                self.depth += 1;
                self.hold(byte);
            }
            b'}' | b']' => self.close(byte, take),
            byte if self.depth > 0 && self.depth != self.around => self.hold(byte),
            byte => self.look_between(byte, take),
        }
        if !byte.is_ascii_whitespace() {
            self.before = byte;
        }
    }

    fn look_between(&mut self, byte: u8, take: &mut dyn FnMut(u32, Piece<'_>)) {
        let is_between = byte.is_ascii_whitespace() || matches!(byte, b',' | 0x1e);
        let is_mark = matches!(byte, 0xef | 0xbb | 0xbf) && self.line == 0;
        if !is_between && !is_mark && !self.is_stray {
            self.is_stray = true;
            take(self.line + 1, Piece::Stray);
        }
        if byte == b'\n' {
            self.is_stray = false;
        }
    }

    fn look_at_text(&mut self, byte: u8, take: &mut dyn FnMut(u32, Piece<'_>)) {
        match byte {
            // JSON has no line breaks in texts: the line was cut, and the next one begins anew.
            b'\n' if self.is_in_record() => self.give_up(take),
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = true,
            b'"' => self.in_text = false,
            byte if self.depth == 1 && self.key.len() < 16 => self.key.push(byte),
            _ => {}
        }
    }

    fn open_object(&mut self, take: &mut dyn FnMut(u32, Piece<'_>)) {
        if self.is_in_record() {
            let is_member = self.before == b':';
            let is_element = matches!(self.before, b',' | b'[') && self.depth > self.around + 1;
            // No JSON goes on so: the record was cut, and this is the next one.
            if !is_member && !is_element {
                self.give_up(take);
            }
        }
        if !self.is_in_record() {
            self.begin = self.line;
            self.held.clear();
            self.is_too_large = false;
        }
        self.depth += 1;
        self.hold(b'{');
    }

    fn close(&mut self, byte: u8, take: &mut dyn FnMut(u32, Piece<'_>)) {
        if self.depth == 0 {
            return self.look_between(byte, take);
        }
        let was_in_record = self.is_in_record();
        self.hold(byte);
        self.depth -= 1;
        if was_in_record && !self.is_in_record() {
            let piece = if self.is_too_large { Piece::TooLarge } else { Piece::Record(&self.held) };
            take(self.begin + 1, piece);
            self.held.clear();
        }
        if self.depth == 0 {
            self.around = 0;
            self.key.clear();
        } else if self.depth < self.around {
            self.around = OVER;
        }
    }

    fn hold(&mut self, byte: u8) {
        if !self.is_in_record() || self.is_too_large {
            return;
        }
        if self.held.len() == LARGEST_RECORD {
            self.is_too_large = true;
            self.held = Vec::new();
            return;
        }
        self.held.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a text, whichever way it is cut.
    fn check(text: &str, expect: &[&str]) {
        for size in [1, 3, text.len().max(1)] {
            let mut found = Vec::new();
            let mut splitter = Splitter::default();
            let mut take = |line: u32, piece: Piece<'_>| {
                found.push(match piece {
                    Piece::Record(text) => format!("{line} {}", String::from_utf8_lossy(text)),
                    Piece::TooLarge => format!("{line} too large"),
                    Piece::Stray => format!("{line} stray"),
                    Piece::Broken(text) => {
                        format!("{line} broken {}", String::from_utf8_lossy(text))
                    }
                });
            };
            for piece in text.as_bytes().chunks(size) {
                splitter.add(piece, &mut take);
            }
            splitter.finish(&mut take);
            assert_eq!(found, expect, "{text} in pieces of {size}");
        }
    }

    #[test]
    fn records_are_found_in_every_shape() {
        check(
            r#"{"Records":[{"a":[1,{"b":2}]},{"c":"}]"}],"more":[{}],"x":{"y":{}}}"#,
            &[r#"1 {"a":[1,{"b":2}]}"#, r#"1 {"c":"}]"}"#],
        );
        check(
            "{\n \"Records\": [\n  {\"a\": 1}\n ]\n}\n{\"b\": 2}",
            &["3 {\"a\": 1}", "6 {\"b\": 2}"],
        );
        check("[{\"a\":1},\n{\"b\":2}]", &["1 {\"a\":1}", "2 {\"b\":2}"]);
        check(
            "{\"a\":{\"Records\":[{}]}}\n\n{\"b\":\"\\\"{\"}\n",
            &["1 {\"a\":{\"Records\":[{}]}}", "3 {\"b\":\"\\\"{\"}"],
        );
        check("", &[]);
        check("\u{feff}{\"a\":1}", &["1 {\"a\":1}"]);
    }

    #[test]
    fn what_is_no_record_is_told() {
        check("{\"Records\":[{\"a\":1}, 7,\n\"b\"]}", &["1 {\"a\":1}", "1 stray", "2 stray"]);
        check("no json\n{\"a\":1}", &["1 stray", "2 {\"a\":1}"]);
        check("{\"a\":1", &["1 broken {\"a\":1"]);
        check("{\"Records\":[{\"a\":1},{\"b", &["1 {\"a\":1}", "1 broken {\"b"]);
        check("{\"Records\":[", &["1 broken "]);
        check("}}]]", &["1 stray"]);
        check("{\"a\":\"cut\n{\"b\":1}", &["1 broken {\"a\":\"cut\n", "2 {\"b\":1}"]);
        check("{\"a\":1,\n{\"b\":1}", &["1 broken {\"a\":1,\n", "2 {\"b\":1}"]);
        let large = format!("{{\"a\":\"{}\"}}\n{{}}", "x".repeat(LARGEST_RECORD));
        check(&large, &["1 too large", "2 {}"]);
    }
}
