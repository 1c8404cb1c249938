//! Text that grows as long as there is room for it.

/// Counts characters, as GitHub does.
pub(crate) struct Room {
    text: String,
    left: usize,
}

impl Room {
    pub(crate) fn new(longest: usize) -> Self {
        Room {
            text: String::new(),
            left: longest,
        }
    }

    pub(crate) fn left(&self) -> usize {
        self.left
    }

    /// Whether there is room for a text and, after it, for so many characters.
    pub(crate) fn fits(&self, text: &str, after: usize) -> bool {
        text.chars().count() + after <= self.left
    }

    pub(crate) fn put(&mut self, text: &str) {
        self.left = self.left.saturating_sub(text.chars().count());
        self.text.push_str(text);
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}
