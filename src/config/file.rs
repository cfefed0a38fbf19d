//! The configuration file as written: everything in it checked, nothing yet decided.
//!
//! What flags may still change (regions, the environment chosen, the sources) stays open here.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::ConfigError;
use super::keys::{self, KeyLine};
use super::look::{self, Look};
use super::pipeline::{self, Known};
use super::places::{self, Environment, Files};
use super::read::{Item, Table};
use super::tree::{Document, Written};
use crate::domain::pipeline::Pipeline;

/// A configuration file, or none.
#[derive(Debug, Default)]
pub struct File {
    /// What relative paths in it are relative to.
    pub base: PathBuf,
    /// The environments.
    pub environments: Vec<Environment>,
    /// The files.
    pub files: Vec<Files>,
    /// The pipelines, in the order of the file.
    pub pipelines: Vec<Arc<Pipeline>>,
    /// The keys of the dashboard.
    pub keys: Vec<KeyLine>,
    /// How the dashboard shall look.
    pub look: Look,
    /// What is wrong with it.
    pub errors: Vec<ConfigError>,
    /// What is allowed but probably not meant.
    pub warnings: Vec<ConfigError>,
    document: Option<Document>,
}

impl File {
    /// No configuration at all.
    #[must_use]
    pub fn empty(base: &Path) -> Self {
        Self {
            base: base.to_owned(),
            ..Self::default()
        }
    }

    /// Reads `text`, called `name` in errors; relative paths in it start from `base`.
    #[must_use]
    pub fn parse(name: &str, base: &Path, text: &str) -> Self {
        let (document, root) = Document::parse(name, text);
        let mut file = Self::empty(base);
        let root = root.as_ref().map(|node| Item::root(&document, node));
        if let Some(table) = root.and_then(|root| root.table("a table")) {
            file.read(table);
        }
        (file.errors, file.warnings) = document.reported();
        file.document = Some(document);
        file
    }

    /// Its name and its text, where there is a file.
    #[must_use]
    pub fn text(&self) -> Option<(&str, &str)> {
        self.document.as_ref().map(Document::text)
    }

    fn read(&mut self, table: Table<'_>) {
        let tables = |key| table.get(key).map(|item| item.tables()).unwrap_or_default();
        self.environments = tables("environment")
            .into_iter()
            .filter_map(places::environment)
            .collect();
        self.files = tables("files")
            .into_iter()
            .filter_map(places::files)
            .collect();
        for (index, environment) in self.environments.iter().enumerate() {
            let name = &environment.name;
            if self.environments[..index]
                .iter()
                .any(|e| e.name.text == name.text)
            {
                let message = format!("environment `{}` is there twice", name.text);
                let error = table.document().error(name.offset, &name.key, message);
                table
                    .document()
                    .report(error.help("list all its regions in one [[environment]]"));
            }
        }
        self.look = look::read(&table);
        let known = self.known_environments();
        if let Some(pipelines) = table
            .get("pipeline")
            .and_then(|item| item.table("[pipeline.NAME]"))
        {
            for (name, item) in pipelines.named() {
                if let Some(one) = item.table("a table: [pipeline.NAME]") {
                    self.pipelines
                        .push(Arc::new(pipeline::read(&name, one, &known)));
                }
            }
        }
        if let Some(keys) = table.get("keys").and_then(|item| item.table("[keys]")) {
            self.keys = keys::read(&keys);
        }
        table.finish();
    }

    /// Every environment there can be; `None` where paths or the command line bring their own.
    #[must_use]
    pub fn known_environments(&self) -> Known {
        let open = |files: &Files| files.env.is_none();
        if self.files.iter().any(open) || (self.environments.is_empty() && self.files.is_empty()) {
            return None;
        }
        let mut names: Vec<String> = self
            .environments
            .iter()
            .map(|e| e.name.text.clone())
            .collect();
        names.extend(self.files.iter().filter_map(|files| files.env.clone()));
        Some(names)
    }

    /// An error about something that stands in this file.
    #[must_use]
    pub fn error_at(&self, written: &Written, message: impl Into<String>) -> ConfigError {
        match &self.document {
            Some(document) => document.error(written.offset, &written.key, message),
            None => ConfigError::of_flag(&written.key, message),
        }
    }
}
