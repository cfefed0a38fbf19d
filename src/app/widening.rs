//! Another range of time: asked for here; when it comes, everything begins anew where it stood.
//!
//! Another run numbers its messages, sources and texts anew: the place is found again by names, as when a
//! session is resumed.

use super::model::Model;
use super::range;
use super::session;
use crate::domain::time::Span;

/// Asks for it.
pub fn ask(model: &mut Model, span: Span) {
    if model.timeline.unkept() {
        model.notice = Some("the timeline is not saved: w on 6 writes it into a file first".into());
        return;
    }
    model.range = Some(span);
    model.notice = Some(format!("reading {} ...", range::show(model, span)));
}

/// Another run answers from now on.
pub fn anew(model: &mut Model) {
    let kept = session::of(model, "");
    let size = (model.size.columns, model.size.rows);
    let mut fresh = Model::new(&model.title, model.now, [], size);
    fresh.resume = kept.or(model.resume.take());
    fresh.zone = model.zone;
    fresh.keys = std::mem::take(&mut model.keys);
    fresh.themes = std::mem::take(&mut model.themes);
    fresh.share = std::mem::take(&mut model.share);
    fresh.timeline = std::mem::take(&mut model.timeline);
    fresh.profiles = std::mem::take(&mut model.profiles);
    fresh.copied = model.copied.take();
    fresh.mouse = model.mouse;
    fresh.notice = model.notice.take();
    fresh.notices = std::mem::take(&mut model.notices);
    *model = fresh;
}
