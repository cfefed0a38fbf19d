//! The clients of one environment: whose credentials, which endpoint, how long to wait.
//!
//! A named profile is asked explicitly, because the SDK would otherwise prefer keys in the process
//! environment and read another account. Retries of the SDK are off: every call passes our own
//! limiter and our own patience (`calls`), which a retry inside the SDK would go round.

use std::sync::Arc;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::ProvideCredentials;

use super::fault::{Class, Failure};
use super::profiles;
use super::settings::Settings;
use crate::config::plan::EnvironmentPlan;

/// What every client of an environment is made of. The credentials are looked for in its first region.
///
/// # Errors
/// When no credentials can be found. They are looked for here, once, so that every later failure
/// is about something else.
pub async fn connect(plan: &EnvironmentPlan, settings: &Settings) -> Result<SdkConfig, Failure> {
    let region = Region::new(plan.regions.first().cloned().unwrap_or_default());
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(region.clone())
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(3).min(settings.attempt_timeout))
                .operation_attempt_timeout(settings.attempt_timeout)
                .build(),
        );
    if let Some(url) = &plan.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(profile) = &plan.profile {
        let provider = ProviderConfig::without_region().with_region(Some(region));
        let files = profiles::files(settings);
        let credentials = ProfileFileCredentialsProvider::builder()
            .configure(&provider)
            .profile_files(files.clone())
            .profile_name(profile)
            .build();
        loader = loader
            .profile_files(files)
            .profile_name(profile)
            .credentials_provider(credentials);
    }
    let mut config = loader.load().await;
    if let Some(role) = &plan.role_arn {
        let provider = AssumeRoleProvider::builder(role)
            .session_name("lastseen")
            .configure(&config)
            .build()
            .await;
        config = config
            .into_builder()
            .credentials_provider(
                aws_sdk_cloudwatchlogs::config::SharedCredentialsProvider::new(provider),
            )
            .build();
    }
    let Some(provider) = config.credentials_provider() else {
        return Err(Failure::new(Class::CredentialsMissing, ""));
    };
    match provider.provide_credentials().await {
        Ok(_) => Ok(config),
        Err(error) => Err(Failure::of_credentials(&error)),
    }
}

/// A client for one region.
#[must_use]
pub fn logs(config: &SdkConfig, region: &str) -> Arc<Client> {
    let conf = aws_sdk_cloudwatchlogs::config::Builder::from(config)
        .region(Region::new(region.to_owned()))
        .build();
    Arc::new(Client::from_conf(conf))
}
