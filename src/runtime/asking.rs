//! Whom a report asks for more: the run.

use std::io;

use crate::domain::event::TextRef;
use crate::domain::mask::Mask;
use crate::domain::view::{
    AttributeValue, LifecycleView, MessageHandle, MessagePage, MessageQuery,
};
use crate::load::answers::Answers;
use crate::report::material::Ask;

/// See the module.
pub struct Asked<'a>(
    /// Whom.
    pub &'a dyn Answers,
    /// What masks log text before any of it is quoted, and values by the names of their fields.
    pub Option<&'a Mask>,
);

impl Ask for Asked<'_> {
    fn messages(&self, query: &MessageQuery) -> MessagePage {
        let mut page = self.0.messages(query);
        if let Some(mask) = self.1 {
            let attributes = page.rows.iter_mut().flat_map(|row| &mut row.attributes);
            for (name, value) in attributes {
                if let AttributeValue::One(value) = value {
                    *value = mask.mask_value(name, value).into_owned();
                }
            }
        }
        page
    }

    fn lifecycle(&self, handle: MessageHandle) -> Option<LifecycleView> {
        self.0.lifecycle(handle)
    }

    fn text(&self, reference: TextRef) -> io::Result<Vec<u8>> {
        let text = self.0.text(reference)?.text;
        Ok(self
            .1
            .map_or_else(|| text.clone(), |mask| mask.mask_bytes(&text)))
    }
}
