//! The client of one region, made anew when its credentials expire: somebody may have logged in
//! again, or a process may have written new ones.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cloudwatchlogs::Client;

use super::client;
use super::clock::Skew;
use super::identity;
use super::pace::Paces;
use super::remedy::Caller;
use super::settings::Settings;

/// See the module.
pub struct Access {
    client: Mutex<Arc<Client>>,
    /// It was made anew, and nothing was answered since.
    untried: AtomicBool,
    renewing: tokio::sync::Mutex<()>,
    skew: Arc<Skew>,
}

impl Access {
    /// Begins with `client`.
    #[must_use]
    pub fn new(client: &Arc<Client>, skew: &Arc<Skew>) -> Self {
        Self {
            client: Mutex::new(Arc::clone(client)),
            untried: AtomicBool::new(false),
            renewing: tokio::sync::Mutex::new(()),
            skew: Arc::clone(skew),
        }
    }

    /// Who calls now.
    #[must_use]
    pub fn client(&self) -> Arc<Client> {
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&client)
    }

    /// A call was answered.
    pub fn answered(&self) {
        self.untried.store(false, Ordering::Relaxed);
    }

    /// The credentials of `failed` have expired: looks for others. `false` where there are none, and
    /// where they are another account's: its log groups may bear the same names.
    pub async fn renew(
        &self,
        failed: &Arc<Client>,
        caller: &Caller,
        region: &str,
        settings: &Arc<Settings>,
    ) -> bool {
        let _alone = self.renewing.lock().await;
        if !Arc::ptr_eq(failed, &self.client()) {
            return true;
        }
        if self.untried.load(Ordering::Relaxed) {
            return false;
        }
        let paces = Paces::default();
        let identified = Box::pin(identity::identify(&caller.plan, settings, &paces)).await;
        let Ok((config, now)) = identified else {
            return false;
        };
        if caller.account.is_some() && caller.account != now.account {
            return false;
        }
        let renewed = self.skew.watching(&client::logs(&config, region));
        self.untried.store(true, Ordering::Relaxed);
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = renewed;
        true
    }
}
