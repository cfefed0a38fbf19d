//! `lastseen hunt`: where the IDs are mentioned, as text or JSON, and as an exit code.
//!
//! It says what is hunted for, and where; the hunt itself is `load::hunt`.

use std::io::{self, Write};

use super::complain::{Complaint, say};
use super::exit::ExitStatus;
use super::flags::{self, Common, HuntFlags};
use super::machine::{Machine, Run};
use super::progress::Progress;
use super::streams::Streams;
use super::surroundings::Surroundings;
use crate::config::plan::{EnvironmentPlan, Plan};
use crate::domain::hunt::{Budget, Cause, Hunt, Target};
use crate::domain::show::{bytes, count, count_of};
use crate::load::answers::Answers;
use crate::load::hunt::HuntRequest;
use crate::load::stranded;
use crate::report;

/// Where the credentials decide everything, this region is asked who they belong to.
const HOME: &str = "us-east-1";

/// The common flags as a hunt means them: `--region` narrows where it searches, and changes nothing
/// about what is configured.
#[must_use]
pub fn common(common: &Common) -> Common {
    Common {
        region: Vec::new(),
        ..common.clone()
    }
}

/// An environment without a region of its own takes the first of `--region`.
#[must_use]
pub fn surroundings(common: &Common, around: &Surroundings) -> Surroundings {
    let region = around.aws_region.as_ref().or(common.region.first());
    Surroundings {
        aws_region: region.cloned(),
        ..around.clone()
    }
}

/// Whether what is asked for can be hunted.
///
/// # Errors
/// When it cannot.
pub fn possible(flags: &HuntFlags, plan: &Plan) -> Result<(), Complaint> {
    if flags.ids.iter().any(|id| id.trim().is_empty()) {
        let message = "an empty ID is mentioned everywhere";
        return Err(Complaint::new(message, "give the ID: lastseen hunt ID"));
    }
    if flags.ids.is_empty() && plan.pipelines.is_empty() {
        let message = "no ID is given, and no pipeline is configured that tells what is lost";
        return Err(Complaint::new(message, "give the ID: lastseen hunt ID"));
    }
    if !flags.sources.is_empty() && !plan.environments.is_empty() {
        let message = "--in takes files; log groups are searched anyway";
        let help = "leave it out to search every region and log group, or name a path";
        return Err(Complaint::new(message, help));
    }
    Ok(())
}

/// Where to go when nothing is configured: wherever the credentials lead.
pub fn anywhere(plan: &mut Plan, common: &Common, around: &Surroundings) {
    let given = common.profile.is_some() || !common.region.is_empty();
    let nothing = plan.environments.is_empty() && plan.files.is_empty() && plan.stdin.is_none();
    if nothing && (given || around.aws_region.is_some() || common.endpoint_url.is_some()) {
        let name = common.env.as_deref().or(common.profile.as_deref());
        let region = common.region.first().or(around.aws_region.as_ref());
        plan.environments.push(EnvironmentPlan {
            name: name.unwrap_or("aws").into(),
            profile: common.profile.clone(),
            regions: vec![region.cloned().unwrap_or_else(|| HOME.to_owned())],
            endpoint_url: common.endpoint_url.clone(),
            ..EnvironmentPlan::default()
        });
    }
}

/// Hunts, and says what was found.
///
/// # Errors
/// When there is nothing to hunt for, or the hunt cannot begin.
pub fn hunt(
    run: &Run,
    (flags, common): (&HuntFlags, &Common),
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    let mut request = HuntRequest {
        window: run.plan.window.filter(|_| flags::names_a_time(common)),
        regions: common.region.clone(),
        budget: budget(flags),
        all_hits: flags.all_hits,
        again: flags.all,
        ..HuntRequest::default()
    };
    let mut progress = Progress::new(around.stderr_terminal);
    if flags.ids.is_empty() {
        super::check::possible(&run.plan)?;
        let answers = machine.load(run, &mut |view| progress.show(view, streams.err));
        progress.clear(streams.err);
        after_the_lost(&mut request, &*answers?, run, (flags, around));
        if request.targets.is_empty() {
            let note = "no message is lost: nothing to hunt for";
            say("note", note, "", streams.err);
            return Ok(ExitStatus::Lost);
        }
    } else {
        let ids = flags.ids.iter();
        request.targets = ids.map(|id| Target::of_id(id.trim())).collect();
    }
    progress.say(&announced(run, &request), streams.err);
    let hunt = machine.hunt(run, &request, &mut |hunt| {
        progress.line(&so_far(hunt), streams.err);
    });
    progress.clear(streams.err);
    let hunt = hunt?;
    match write(&hunt, flags, run, around, streams.out) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("the answer could not be written: {error}");
            say("error", &message, "", streams.err);
            Ok(ExitStatus::Error)
        }
        _ => Ok(status(&hunt)),
    }
}

/// Asks for what a run has lost, in what it has not read.
fn after_the_lost(
    request: &mut HuntRequest,
    answers: &dyn Answers,
    run: &Run,
    (flags, around): (&HuntFlags, &Surroundings),
) {
    let (targets, span) = stranded::targets(answers, flags.most);
    // Files are searched whole: what they hold ends when it ends.
    if let Some(span) = span.filter(|_| !run.plan.environments.is_empty()) {
        request.window = Some(stranded::around(span, &run.plan, around.now));
    }
    request.loaded = Some(stranded::loaded(&answers.overview()));
    request.targets = targets;
}

fn budget(flags: &HuntFlags) -> Budget {
    let usual = Budget::default();
    Budget {
        calls: flags.max_calls.unwrap_or(usual.calls),
        bytes: flags.max_bytes.unwrap_or(usual.bytes),
    }
}

/// What will be done and what it may cost, before it is begun.
fn announced(run: &Run, request: &HuntRequest) -> String {
    let lost = request.loaded.is_some();
    let what = if lost { "lost message" } else { "ID" };
    let what = count_of(request.targets.len() as u64, what);
    if run.plan.environments.is_empty() {
        return format!("hunting for {what} in files");
    }
    let regions = match request.regions.len() {
        0 => "every region".to_owned(),
        many => count_of(many as u64, "region"),
    };
    let names: Vec<&str> = run.plan.environments.iter().map(|e| &*e.name).collect();
    format!(
        "hunting for {what} in {regions} of {}: at most {} calls and {}",
        names.join(", "),
        count(request.budget.calls),
        bytes(request.budget.bytes)
    )
}

fn so_far(hunt: &Hunt) -> String {
    let places = match hunt.places.len() {
        0 => "nothing yet".to_owned(),
        many => format!("found in {}", count_of(many as u64, "place")),
    };
    format!(
        "{places}; searched {} of {}, {} of {} calls, {} (ctrl-c ends it)",
        count(hunt.searched),
        count(hunt.total),
        count(hunt.calls),
        count(hunt.budget.calls),
        bytes(hunt.bytes)
    )
}

fn write(
    hunt: &Hunt,
    flags: &HuntFlags,
    run: &Run,
    around: &Surroundings,
    out: &mut dyn Write,
) -> io::Result<()> {
    if flags.json {
        report::hunt_json::write(out, hunt)?;
    } else {
        let colour = run.colour && around.stdout_terminal;
        report::hunt::write(out, hunt, run.zone, colour)?;
    }
    out.flush()
}

/// What the answer means for a script.
#[must_use]
pub fn status(hunt: &Hunt) -> ExitStatus {
    let failed = |cause| matches!(cause, Cause::Failed | Cause::Denied);
    let wrong = hunt.unsearched.iter().any(|u| failed(u.cause));
    match () {
        () if hunt.found() => ExitStatus::NothingLost,
        () if hunt.searched == 0 && wrong && !hunt.cancelled => ExitStatus::Error,
        () if hunt.complete() => ExitStatus::Lost,
        () => ExitStatus::CannotTell,
    }
}
