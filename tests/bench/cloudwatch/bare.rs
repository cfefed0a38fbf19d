//! What the SDK alone does with the pages: asks, decodes, counts, forgets.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::{BehaviorVersion, Builder, Credentials, Region};
use serde_json::Value;
use tokio::task::JoinSet;

use super::{REGIONS, process};

/// Asks for every page that `asked` lists, `at_once` in each region, and prints wall time, CPU, peak memory and events.
///
/// # Errors
/// Says what went wrong.
pub(super) fn run(url: &str, asked: &Path, at_once: usize) -> Result<(), String> {
    let text = fs::read_to_string(asked).map_err(|e| e.to_string())?;
    let pages: Vec<Value> = text.lines().flat_map(serde_json::from_str).collect();
    let (began, cpu) = (Instant::now(), process::own_cpu_s());
    // As many threads as the product has for the same.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    let events = runtime.block_on(read(url, &pages, at_once))?;
    let wall = began.elapsed().as_secs_f64();
    let cpu = process::own_cpu_s() - cpu;
    let peak = process::own_peak_bytes().unwrap_or(0);
    writeln!(io::stdout().lock(), "{wall} {cpu} {peak} {events}").map_err(|e| e.to_string())
}

async fn read(url: &str, pages: &[Value], at_once: usize) -> Result<u64, String> {
    let events = Arc::new(AtomicU64::new(0));
    let mut workers = JoinSet::new();
    for region in REGIONS {
        let mine = pages.iter().filter(|page| page["region"] == region);
        let mine: VecDeque<Value> = mine.cloned().collect();
        let queue = Arc::new(Mutex::new(mine));
        let conf = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .endpoint_url(url)
            .credentials_provider(Credentials::new("AKIABENCH", "bench", None, None, "bench"))
            .build();
        let client = Client::from_conf(conf);
        for _ in 0..at_once {
            let (client, queue) = (client.clone(), Arc::clone(&queue));
            let events = Arc::clone(&events);
            workers.spawn(async move {
                let next = || {
                    queue
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .pop_front()
                };
                while let Some(page) = next() {
                    events.fetch_add(ask(&client, &page).await?, Ordering::Relaxed);
                }
                Ok::<(), String>(())
            });
        }
    }
    while let Some(done) = workers.join_next().await {
        done.map_err(|e| e.to_string())??;
    }
    Ok(events.load(Ordering::Relaxed))
}

async fn ask(client: &Client, page: &Value) -> Result<u64, String> {
    let call = client
        .filter_log_events()
        .log_group_name(page["group"].as_str().unwrap_or_default())
        .set_start_time(page["from"].as_i64())
        .set_end_time(page["to"].as_i64())
        .set_next_token(page["token"].as_str().map(str::to_owned));
    let answer = call.send().await.map_err(|e| format!("{e:?}"))?;
    Ok(answer.events().len() as u64)
}
