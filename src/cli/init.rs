//! `lastseen init`: shows what is in reach, asks what is wanted, and writes the configuration; or
//! prints the policy that reading needs.
//!
//! Never replaces a file unasked, and waits for an answer only where somebody can type one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::complain::{Complaint, say};
use super::exit::{ExitStatus, written};
use super::flags::{Common, InitFlags};
use super::machine::Machine;
use super::progress::Progress;
use super::streams::Streams;
use super::surroundings::Surroundings;
use crate::config::draft::{Draft, DraftEnvironment, DraftGroup};
use crate::config::{rule, write};
use crate::domain::safe::safe;
use crate::domain::show::count_of;
use crate::sources::cloudwatch::reach::picture::{Account, Reach, Region};
use crate::sources::cloudwatch::reach::who::Ask;

pub mod list;
pub mod pick;
pub mod policy;

/// Where the configuration goes unless `--config` says otherwise.
pub(super) const FILE: &str = "lastseen.toml";

/// Looks around, lets choose, writes.
///
/// # Errors
/// When nothing is in reach, or the file is there already or cannot be written.
pub fn run(
    flags: &InitFlags,
    common: &Common,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    let path = path(common, around);
    let asks = !flags.yes && flags.groups.is_empty();
    let writes = !flags.print && (!asks || around.stdin_terminal);
    if writes || flags.print {
        not_shared(common, "init")?;
    }
    if writes && !flags.force && path.exists() {
        return Err(exists(&path, OF_INIT));
    }
    let reach = look_around(flags, common, around, machine, streams)?;
    let rows = list::rows(&reach);
    let chosen = if !asks {
        (0..rows.len()).collect()
    } else if around.stdin_terminal {
        let listed = list::text(&reach, around.now);
        let _gone = streams.err.write_all(listed.as_bytes());
        match ask(&rows, machine, streams) {
            Some(chosen) => chosen,
            None => return Ok(ExitStatus::NothingLost),
        }
    } else {
        let listed = list::text(&reach, around.now) + HOW_TO_CHOOSE;
        return Ok(written(streams.out.write_all(listed.as_bytes())));
    };
    let chosen: Vec<list::Row<'_>> = chosen.into_iter().map(|index| rows[index]).collect();
    let draft = draft(&reach, &chosen, common.endpoint_url.as_deref());
    let text = write::text(&draft);
    if flags.print {
        return Ok(written(streams.out.write_all(text.as_bytes())));
    }
    put(&path, &text, flags.force, OF_INIT)?;
    let _gone = writeln!(
        streams.out,
        "wrote {} with {} and {}\nnext: fill in the pipeline at its end, then run `lastseen`",
        safe(&path.display().to_string()),
        count_of(draft.environments.len() as u64, "environment"),
        count_of(draft.patterns().len() as u64, "log group pattern"),
    );
    Ok(ExitStatus::NothingLost)
}

/// Where the configuration goes.
#[must_use]
pub fn path(common: &Common, around: &Surroundings) -> PathBuf {
    let name = common.config.as_deref().unwrap_or(Path::new(FILE));
    around.folder.join(name)
}

const HOW_TO_CHOOSE: &str = "
choose with globs:  lastseen init --groups '/acme/*'
take all of them:   lastseen init --yes
";

fn look_around(
    flags: &InitFlags,
    common: &Common,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<Reach, Complaint> {
    for glob in &flags.groups {
        if let Err(problem) = rule::check_glob(glob) {
            return Err(Complaint::new(
                format!("--groups: {problem}"),
                "for example --groups '/acme/*'",
            ));
        }
    }
    let ask = Ask {
        profile: common.profile.clone(),
        regions: common.region.clone(),
        endpoint_url: common.endpoint_url.clone(),
        aws_region: around.aws_region.clone(),
        env: common.env.clone(),
        groups: flags.groups.clone(),
    };
    let mut progress = Progress::new(around.stderr_terminal);
    let reach = machine.reach(&ask, &mut |step| {
        let words = format!("looking around: {} of {} {}", step.done, step.of, step.what);
        progress.line(&words, streams.err);
    });
    progress.clear(streams.err);
    let reach = reach?;
    for fault in reach
        .unusable
        .iter()
        .chain(reach.accounts.iter().flat_map(|a| &a.faults))
    {
        say("warning", &fault.message, &fault.remedy, streams.err);
    }
    if reach
        .accounts
        .iter()
        .all(|account| account.regions.is_empty())
    {
        return Err(nothing(&reach, flags));
    }
    Ok(reach)
}

fn nothing(reach: &Reach, flags: &InitFlags) -> Complaint {
    if reach.accounts.is_empty() {
        return Complaint::new(
            "no account is in reach: no credentials work",
            "log in, or name a profile by --profile NAME",
        );
    }
    let who: Vec<String> = reach.accounts.iter().map(list::title).collect();
    let what = match flags.groups.as_slice() {
        [] => "no log group".to_owned(),
        globs => format!("no log group that {} means", globs.join(" or ")),
    };
    Complaint::new(
        format!("{what} is in reach: {}", who.join("; ")),
        "name another place by --profile NAME or --region REGION",
    )
}

/// Asks until there is an answer that can be understood; `None` when it is to leave.
fn ask(
    rows: &[list::Row<'_>],
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Option<Vec<usize>> {
    let names: Vec<&str> = rows.iter().map(|row| row.group.name.as_str()).collect();
    loop {
        let _gone = write!(
            streams.err,
            "\nwhich ones? numbers, ranges and globs, such as 1-4 7 /acme/*; empty for all {}, q to leave: ",
            names.len()
        );
        let _gone = streams.err.flush();
        let line = machine.typed().unwrap_or_else(|| "q".to_owned());
        match pick::pick(&line, &names) {
            Ok(pick::Picked::Leave) => {
                let _gone = writeln!(streams.err, "nothing was written");
                return None;
            }
            Ok(pick::Picked::These(chosen)) => return Some(chosen),
            Err(problem) => say("error", &problem, "", streams.err),
        }
    }
}

/// The chosen groups, account by account.
fn draft(reach: &Reach, chosen: &[list::Row<'_>], endpoint_url: Option<&str>) -> Draft {
    let of = |account: &Account| DraftEnvironment {
        name: account.name.clone(),
        profile: account.profile.clone(),
        account: account.number.clone(),
        endpoint_url: endpoint_url.map(str::to_owned),
        ..DraftEnvironment::default()
    };
    let mut environments: Vec<DraftEnvironment> = reach.accounts.iter().map(of).collect();
    for row in chosen {
        let environment = &mut environments[row.account];
        let (Region { name: region, .. }, group) = (row.region, row.group);
        if !environment.regions.contains(region) {
            environment.regions.push(region.clone());
        }
        let groups = &mut environment.groups;
        if !groups.iter().any(|known| known.name == group.name) {
            let class = (!group.class.is_readable()).then(|| {
                format!(
                    "of class {}: its log events cannot be listed",
                    group.class.word()
                )
            });
            let masked = group.masked.then(|| "values may be masked".to_owned());
            groups.push(DraftGroup {
                name: group.name.clone(),
                remark: class.or(masked),
            });
        }
    }
    environments.retain(|environment| !environment.groups.is_empty());
    Draft { environments }
}

/// What can be done where a configuration cannot be written.
#[derive(Clone, Copy, Debug)]
pub struct Remedies {
    /// Where there is one already.
    pub there: &'static str,
    /// Where the file cannot be written at all.
    pub failed: &'static str,
}

/// Those of `lastseen init`.
pub const OF_INIT: Remedies = Remedies {
    there: "--force replaces it, --print shows what would be written, --config FILE names another",
    failed: "name another file by --config FILE, or use --print",
};

/// Writes the configuration; replaces one that is there only by force.
///
/// # Errors
/// When it is there, or cannot be written.
pub fn put(path: &Path, text: &str, force: bool, remedies: Remedies) -> Result<(), Complaint> {
    let result = if force {
        fs::write(path, text)
    } else {
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        file.and_then(|mut file| file.write_all(text.as_bytes()))
    };
    result.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(path, remedies),
        _ => Complaint::new(
            format!("{} cannot be written: {error}", path.display()),
            remedies.failed,
        ),
    })
}

/// Says that there is a file already.
#[must_use]
pub fn exists(path: &Path, remedies: Remedies) -> Complaint {
    Complaint::new(
        format!("{} is there already", path.display()),
        remedies.there,
    )
}

/// Whether a configuration may be written for readers: one with masked names would read nothing.
///
/// # Errors
/// When it is asked for.
pub fn not_shared(common: &Common, what: &str) -> Result<(), Complaint> {
    if !common.share {
        return Ok(());
    }
    Err(Complaint::new(
        format!(
            "{what} with --share: a configuration with masked names and patterns reads nothing"
        ),
        "leave --share out, and look the file over before others get it",
    ))
}
