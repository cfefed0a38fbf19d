//! What was said on the last row, to be read again: a word there is gone with the next key. What failed
//! stands over the view until somebody puts it away, and is counted until the list was opened.

use std::collections::VecDeque;

/// So many are kept.
const KEPT: usize = 200;

/// Something that was said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// What.
    pub text: String,
    /// Something has failed.
    pub failed: bool,
    /// How often it was said in a row.
    pub times: usize,
}

/// Everything that was said, the newest first.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Notices {
    list: VecDeque<Notice>,
    standing: bool,
    unseen: usize,
}

impl Notices {
    /// A word about the last key.
    pub fn said(&mut self, text: &str) {
        self.keep(text, false);
    }

    /// Something has failed.
    pub fn failed(&mut self, text: &str) {
        self.keep(text, true);
        self.standing = true;
        self.unseen += 1;
    }

    fn keep(&mut self, text: &str, failed: bool) {
        if let Some(newest) = self.list.front_mut()
            && (newest.text.as_str(), newest.failed) == (text, failed)
        {
            newest.times += 1;
            return;
        }
        self.list.push_front(Notice {
            text: text.to_owned(),
            failed,
            times: 1,
        });
        self.list.truncate(KEPT);
    }

    /// All of them, the newest first.
    #[must_use]
    pub const fn list(&self) -> &VecDeque<Notice> {
        &self.list
    }

    /// What failed last, while it stands over the view.
    #[must_use]
    pub fn standing(&self) -> Option<&str> {
        let failed = self.list.iter().find(|notice| notice.failed);
        failed
            .filter(|_| self.standing)
            .map(|notice| notice.text.as_str())
    }

    /// How many failures nobody has looked up in the list.
    #[must_use]
    pub const fn unseen(&self) -> usize {
        self.unseen
    }

    /// Puts away what stands over the view; false where nothing does.
    pub const fn put_away(&mut self) -> bool {
        let stood = self.standing;
        self.standing = false;
        stood
    }

    /// The list is being read.
    pub const fn read(&mut self) {
        self.standing = false;
        self.unseen = 0;
    }
}
