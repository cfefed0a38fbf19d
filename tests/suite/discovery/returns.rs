//! Requests that are answered the way they came: each who asked another says so when the answer is there.

use super::systems::{System, clock, mixed, salted};

#[test]
fn what_is_lost_on_any_part_of_the_way_back_is_lost() {
    let mut log = System::default();
    for n in 0..800i64 {
        let id = format!("{:016x}", mixed(n as u64));
        let order = 2_000_000 + salted(n, 3) % 7_000_000;
        let steps = [
            ("gateway.log", format!("request {id} started POST /orders")),
            ("orders.log", format!("[{id}] creating order {order}")),
            ("inventory.log", format!("[{id}] reserved stock")),
            ("orders.log", format!("[{id}] order {order} created")),
            ("gateway.log", format!("request {id} completed 201")),
        ];
        // Lost at any step, but not near the end, where nobody can say.
        let reached = if n % 40 == 17 && n < 760 {
            1 + (salted(n, 4) % 4) as usize
        } else {
            steps.len()
        };
        let mut at = 3_600_000 + n * 7000;
        for (file, text) in steps.iter().take(reached) {
            log.say(file, at, format!("2026-03-14T{}Z INFO {text}", clock(at)));
            at += 100 + (salted(n + at, 5) % 400) as i64;
        }
        if reached < steps.len() {
            log.lost.insert(id);
        }
    }
    let (config, _) = log.prove("returns-nested");
    for stage in ["orders-end", "gateway-end"] {
        assert!(config.contains(&format!("name  = \"{stage}\"")), "{config}");
    }
}
