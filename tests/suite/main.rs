//! The one test binary: linking the AWS SDK is slow, so there is only one to link.

mod cloudwatch;
mod demo;
mod demo_check;
mod demo_stream;
mod demo_truth;
mod patterns;
mod support;
