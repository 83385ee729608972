//! The messages that were read last, so that going back to them costs nothing.

use crate::border::{MessageId, MessageView};
use std::collections::VecDeque;

/// Oldest first.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    kept: VecDeque<Box<MessageView>>,
}

impl Bodies {
    pub(super) fn get(&self, id: MessageId) -> Option<&MessageView> {
        self.kept.iter().find(|kept| kept.id == id).map(|kept| &**kept)
    }

    /// Keeps it as the newest.
    pub(super) fn put(&mut self, view: Box<MessageView>) {
        self.remove(view.id);
        self.kept.push_back(view);
        while self.kept.len() > MOST_KEPT || self.weight() > MOST_KEPT_BYTES {
            self.kept.pop_front();
        }
    }

    /// It was looked at again.
    pub(super) fn touch(&mut self, id: MessageId) {
        if let Some(at) = self.kept.iter().position(|kept| kept.id == id)
            && let Some(view) = self.kept.remove(at)
        {
            self.kept.push_back(view);
        }
    }

    pub(super) fn remove(&mut self, id: MessageId) {
        self.kept.retain(|kept| kept.id != id);
    }

    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }

    fn weight(&self) -> usize {
        self.kept.iter().map(|view| weight(view)).sum()
    }
}

/// About how many bytes a view takes.
fn weight(view: &MessageView) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let images: usize = view.inline_images.iter().map(|image| image.bytes.len()).sum();
    text(&view.body.text) + text(&view.body.html) + images + 1024
}

/// Messages kept after they were read, and bytes in all.
const MOST_KEPT: usize = 20;
const MOST_KEPT_BYTES: usize = 16 * 1024 * 1024;
