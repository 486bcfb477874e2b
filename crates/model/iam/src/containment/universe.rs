use crate::symbol::Letter;

/// The texts that requests are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Universe {
    /// Names of actions: two words with a colon between them.
    Actions,
    /// ARNs of six segments, of which the last is not empty, symbols that stand for the beginning
    /// of one, and `*`, which a request without a resource has.
    Resources,
}

/// How far a text of the universe was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Progress {
    /// This many letters of `arn:`; nothing yet where it is 0.
    Beginning(u8),
    /// In the segment behind this many colons, which has letters already or not.
    Segment(u8, Filled),
    /// Whatever follows, it is in the universe.
    Whole,
    /// Nothing may follow.
    Ended,
}

/// Whether a segment has letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Filled {
    /// It has none.
    Empty,
    /// It has.
    Some,
}

const BEGINNING: [char; 4] = ['a', 'r', 'n', ':'];

impl Universe {
    pub(super) fn start(self) -> Progress {
        match self {
            Universe::Actions => Progress::Segment(0, Filled::Empty),
            Universe::Resources => Progress::Beginning(0),
        }
    }

    /// How far a text is read with one more letter; `None` where it leaves the universe.
    pub(super) fn step(self, progress: Progress, letter: Letter) -> Option<Progress> {
        let is_colon = letter == Letter::Char(':');
        match (self, progress) {
            (Universe::Actions, Progress::Segment(0, Filled::Some)) if is_colon => {
                Some(Progress::Segment(1, Filled::Empty))
            }
            (Universe::Actions, Progress::Segment(colons, _)) if !is_colon => {
                Some(Progress::Segment(colons, Filled::Some))
            }
            (Universe::Actions, _) | (_, Progress::Ended) => None,
            (_, Progress::Beginning(0)) if letter == Letter::Char('*') => Some(Progress::Ended),
            (_, Progress::Beginning(0)) if matches!(letter, Letter::Symbol(_)) => {
                Some(Progress::Whole)
            }
            (_, Progress::Beginning(read)) => {
                let expected = BEGINNING.get(usize::from(read)).copied().map(Letter::Char);
                match read {
                    _ if expected != Some(letter) => None,
                    3 => Some(Progress::Segment(1, Filled::Empty)),
                    read => Some(Progress::Beginning(read + 1)),
                }
            }
            (_, Progress::Segment(colons @ 1..=4, filled)) => match is_colon {
                // Partition and service are never empty.
                true if colons < 3 && filled == Filled::Empty => None,
                true => Some(Progress::Segment(colons + 1, Filled::Empty)),
                false => Some(Progress::Segment(colons, Filled::Some)),
            },
            (_, Progress::Segment(..) | Progress::Whole) => Some(Progress::Whole),
        }
    }

    pub(super) fn accepts(self, progress: Progress) -> bool {
        match self {
            Universe::Actions => progress == Progress::Segment(1, Filled::Some),
            Universe::Resources => matches!(progress, Progress::Whole | Progress::Ended),
        }
    }

    /// The letters that matter to the universe itself.
    pub(super) fn letters(self, progress: Progress) -> impl Iterator<Item = Letter> {
        let named = match progress {
            Progress::Beginning(0) => ['a', '*'],
            Progress::Beginning(1) => ['r', ':'],
            Progress::Beginning(2) => ['n', ':'],
            _ => [':', ':'],
        };
        named.into_iter().map(Letter::Char)
    }
}
