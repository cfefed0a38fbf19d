//! The two emphases of plain text: loss, and the name of a block.

/// Whether colour may be used.
#[derive(Clone, Copy, Debug)]
pub struct Paint(pub bool);

impl Paint {
    /// Bold and red.
    #[must_use]
    pub fn alarm(self, text: &str) -> String {
        self.wrap(text, "1;31")
    }

    /// Bold.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        self.wrap(text, "1")
    }

    fn wrap(self, text: &str, codes: &str) -> String {
        if self.0 {
            format!("\x1b[{codes}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
