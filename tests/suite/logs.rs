//! The log of all sources in the order of time: the index, its pages, and the view.

mod index;
mod pages;
mod run;
mod view;
