//! `--live-tail`: what it costs, and whether that is agreed to, before anything is started.

use super::complain::Complaint;
use super::machine::Machine;
use super::streams::Streams;
use super::surroundings::Surroundings;
use crate::config::plan::Plan;

/// Price of one session for an hour, in US cents: 1 cent a minute. An approximation, and said so.
const CENTS_AN_HOUR: usize = 60;
/// Sessions that one account may have at once.
const SESSIONS: usize = 15;

/// Lets a plan use Live Tail if whoever pays agrees.
///
/// # Errors
/// When it is of no use to the plan, or nobody can be asked.
pub fn agree(
    plan: &mut Plan,
    yes: bool,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<(), Complaint> {
    if !plan.follow {
        return Err(Complaint::new(
            "--live-tail only makes following quicker",
            "add --follow, or leave it out",
        ));
    }
    let regions = plan.environments.iter().map(|env| env.regions.len());
    let (least, accounts) = (regions.sum::<usize>(), plan.environments.len());
    if least == 0 {
        return Err(Complaint::new(
            "--live-tail is for CloudWatch, and no [[environment]] is followed",
            "leave it out: files are followed without it",
        ));
    }
    let most = (accounts * SESSIONS).max(least);
    // Somebody who does not hear of the price has not agreed to it.
    let price = |sessions: usize| {
        let cents = sessions * CENTS_AN_HOUR;
        format!("{}.{:02} USD", cents / 100, cents % 100)
    };
    let _gone = writeln!(
        streams.err,
        "AWS charges for Live Tail: about 0.01 USD a minute for each session of up to 10 log groups\n\
         (an approximation; see the price list of CloudWatch for your region). This run has {least} to {most}\n\
         sessions, one at least in each region and at most {SESSIONS} in an account: {} to {} an hour,\n\
         for as long as it follows. Without it the same is read, some seconds later.",
        price(least),
        price(most),
    );
    if yes {
        plan.live_tail = true;
        return Ok(());
    }
    if !around.stdin_terminal || plan.stdin.is_some() {
        return Err(Complaint::new(
            "--live-tail costs money, and there is nobody to ask",
            "agree to it with --yes",
        ));
    }
    let _gone = write!(streams.err, "Start Live Tail? [y/N] ");
    let _gone = streams.err.flush();
    let answer = machine.typed().unwrap_or_default();
    plan.live_tail = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
    if !plan.live_tail {
        let _gone = writeln!(streams.err, "following without Live Tail");
    }
    Ok(())
}
