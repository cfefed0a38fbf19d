//! The profiles of this machine, as the SDK itself reads them.
//!
//! Knows their names and regions, and where they are written; never a credential.

#[expect(
    deprecated,
    reason = "the new home of these types is not a crate of ours"
)]
use aws_config::profile::profile_file::{ProfileFileKind, ProfileFiles};

use super::settings::Settings;
use crate::domain::nearest::nearest;

/// Names told for one that does not exist.
const MOST_NAMES: usize = 12;

/// What a profile tells about itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The region it is meant for.
    pub region: Option<String>,
}

/// The profiles that are defined, and the one that is used where none is named.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Profiles {
    /// Sorted by name, `default` last: it says least about what it is for.
    pub all: Vec<Profile>,
    /// AWS_PROFILE, else `default`. Need not be defined.
    pub selected: String,
}

impl Profiles {
    /// Reads the files of profiles; `None` where they cannot be read.
    pub async fn load(settings: &Settings) -> Option<Self> {
        #[expect(
            clippy::default_trait_access,
            reason = "the types have no name that is ours to use"
        )]
        let set = aws_config::profile::load(
            &Default::default(),
            &Default::default(),
            &files(settings),
            None,
        )
        .await
        .ok()?;
        let profile = |name: &str| Profile {
            name: name.to_owned(),
            region: set
                .get_profile(name)
                .and_then(|profile| profile.get("region"))
                .map(str::to_owned),
        };
        let mut all: Vec<Profile> = set.profiles().map(profile).collect();
        all.sort_by_key(|profile| (profile.name == "default", profile.name.clone()));
        Some(Self {
            all,
            selected: set.selected_profile().to_owned(),
        })
    }

    /// The profile of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.all.iter().find(|profile| profile.name == name)
    }

    /// What to do about a name that is not among them.
    #[must_use]
    pub fn instead_of(&self, name: &str) -> String {
        let names: Vec<&str> = self.all.iter().map(|profile| &*profile.name).collect();
        let there = match names.len() {
            0 => return format!("define it: aws configure sso --profile {name}"),
            1..=MOST_NAMES => names.join(", "),
            more => format!(
                "{} and {} more",
                names[..MOST_NAMES].join(", "),
                more - MOST_NAMES
            ),
        };
        match nearest(name, names.iter().copied()) {
            Some(meant) => format!("did you mean {meant}? there are {there}"),
            None => format!("there are {there}"),
        }
    }
}

/// Where profiles are read from: the usual places (or what AWS_CONFIG_FILE and
/// AWS_SHARED_CREDENTIALS_FILE name), unless the settings name another.
#[expect(deprecated, reason = "as above")]
#[must_use]
pub fn files(settings: &Settings) -> ProfileFiles {
    match &settings.profiles {
        Some(path) => ProfileFiles::builder()
            .with_file(ProfileFileKind::Config, path)
            .build(),
        None => ProfileFiles::default(),
    }
}
