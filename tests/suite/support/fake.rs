
use std::sync::Arc;
use lastseen::domain::event::*;
use lastseen::domain::feed::FeedEvent;
use lastseen::domain::pipeline::Pipeline;
use lastseen::domain::time::Span;
use lastseen::domain::view::*;
pub(crate) struct Ledger; pub(crate) struct X;
impl X { pub(crate) fn extract(&self,_:&Batch){} }
impl Ledger {
 pub(crate) fn new(_:Vec<Arc<Pipeline>>,_:Option<Span>)->Self{Self}
 pub(crate) fn open(&mut self,_:SourceId,_:Arc<Source>){}
 pub(crate) fn extractor(&self,_:SourceId)->X{X}
 pub(crate) fn apply(&mut self,_:()){}
 pub(crate) fn report(&mut self,_:&FeedEvent){}
 pub(crate) fn refresh(&mut self){}
 pub(crate) fn overview(&self)->Overview{Overview::default()}
 pub(crate) fn messages(&self,_:&MessageQuery)->MessagePage{MessagePage::default()}
 pub(crate) fn lifecycle(&self,_:MessageHandle)->Option<LifecycleView>{None}
}
