//! The spec that `loadline init` writes: the questions, what an answer may be, and the commented text.
//!
//! Decides what is asked. Does not ask: the caller has the terminal or the flags. In: [`InitAnswers`]; out: a text that
//! [`super::read`] accepts.

use super::keys;
use super::value;
use super::vocabulary::Vocabulary;

/// What `init` needs to know; the texts are values as they stand in a spec. Change it with [`InitAnswers::answer`], which checks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct InitAnswers {
    name: String,
    users: String,
    think: String,
    cpu: String,
    queries: Option<String>,
    data: String,
    tasks: Option<String>,
    task_time: String,
    p95: String,
    clouds: Vec<String>,
}

impl Default for InitAnswers {
    /// A small site with a database, without background tasks, on every cloud.
    fn default() -> Self {
        Self {
            name: "my-app".to_owned(),
            users: "200".to_owned(),
            think: "7 s".to_owned(),
            cpu: "12 ms".to_owned(),
            queries: Some("3".to_owned()),
            data: "20 GiB".to_owned(),
            tasks: None,
            task_time: "10 s".to_owned(),
            p95: "500 ms".to_owned(),
            clouds: Vec::new(),
        }
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What [`InitAnswers::answer`] takes; also the name of the flag.
    pub id: &'static str,
    /// The question, for a person.
    pub text: &'static str,
    /// The answer that an empty line gives.
    pub default: String,
    /// The key of the spec that checks the answer; `None`: the words below it or the clouds.
    key: Option<&'static str>,
    clouds: Vec<String>,
}

impl Question {
    /// Why this answer cannot be taken; the sentence says what to write.
    pub fn check(&self, answer: &str) -> Result<(), String> {
        let answer = answer.trim();
        if self.id == "clouds" {
            let unknown = names(answer).into_iter().find(|name| !self.clouds.contains(name));
            return unknown.map_or(Ok(()), |name| {
                let fault = value::unknown("clouds", &name, self.clouds.iter().map(String::as_str));
                Err(sentence(&fault))
            });
        }
        if is_none(self.id, answer) {
            return Ok(());
        }
        let key =
            self.key.and_then(keys::find).expect("every question but the clouds names a key of the table");
        value::parse(key.name(), &key.kind, answer).map(drop).map_err(|fault| sentence(&fault))
    }
}

fn sentence(fault: &super::complaints::Fault) -> String {
    fault.help.as_ref().map_or(fault.message.clone(), |help| format!("{}: {help}", fault.message))
}

/// Whether the answer says that there is no such thing.
fn is_none(id: &str, answer: &str) -> bool {
    let none = ["", "0", "no", "none"];
    matches!(id, "queries" | "tasks") && none.iter().any(|word| answer.eq_ignore_ascii_case(word))
}

/// The clouds of an answer, each once; none stands for all.
fn names(answer: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in answer.split([',', ' ']).filter(|name| !name.is_empty() && *name != "all") {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The questions in the order in which they are asked, each with the default answer.
pub fn questions(vocabulary: &Vocabulary) -> Vec<Question> {
    let defaults = InitAnswers::default();
    let clouds: Vec<String> = vocabulary.clouds.iter().map(|cloud| cloud.name.clone()).collect();
    let none = || "none".to_owned();
    [
        ("name", "Name of the deployment", defaults.name, Some("name")),
        ("users", "People active at once, at the peak", defaults.users, Some("load.users")),
        (
            "think",
            "Time between a response and the same person's next request",
            defaults.think,
            Some("load.think"),
        ),
        ("cpu", "Application CPU of one request", defaults.cpu, Some("requests[0].cpu")),
        (
            "queries",
            "Database queries of one request (0: no database)",
            defaults.queries.unwrap_or_else(none),
            Some("requests[0].queries"),
        ),
        ("data", "Data in the database today", defaults.data, Some("database.data")),
        (
            "tasks",
            "Background tasks started at the peak, such as 2/s (none: no tasks)",
            defaults.tasks.unwrap_or_else(none),
            Some("tasks[0].rate"),
        ),
        ("task-time", "How long one task takes", defaults.task_time, Some("tasks[0].time")),
        ("p95", "Time within which 95 % of the requests are answered", defaults.p95, Some("objectives.p95")),
        ("clouds", "Clouds to consider (all, or names with commas)", "all".to_owned(), None),
    ]
    .into_iter()
    .map(|(id, text, default, key)| Question { id, text, default, key, clouds: clouds.clone() })
    .collect()
}

impl InitAnswers {
    /// Whether the answer would stand in the spec: without a database nobody asks for its data.
    pub fn needs(&self, question: &Question) -> bool {
        match question.id {
            "data" => self.queries.is_some(),
            "task-time" => self.tasks.is_some(),
            _ => true,
        }
    }

    /// Takes the answer to a question; `Err`: the sentence of [`Question::check`], and nothing was changed.
    pub fn answer(&mut self, question: &Question, answer: &str) -> Result<(), String> {
        question.check(answer)?;
        let text = answer.trim().to_owned();
        let optional = |text: String| (!is_none(question.id, &text)).then_some(text);
        match question.id {
            // Quoted where YAML would read another thing than a text.
            "name" if YAML_WORDS.contains(&text.as_str()) => self.name = format!("\"{text}\""),
            "name" => self.name = text,
            "users" => self.users = text,
            "think" => self.think = text,
            "cpu" => self.cpu = text,
            "queries" => self.queries = optional(text),
            "data" => self.data = text,
            "tasks" => self.tasks = optional(text),
            "task-time" => self.task_time = text,
            "p95" => self.p95 = text,
            _ => self.clouds = names(&text),
        }
        Ok(())
    }
}

/// Names that are no text in YAML, 1.1 or 1.2.
const YAML_WORDS: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
/// Column at which the comments behind values begin.
const COMMENT_COLUMN: usize = 28;

/// The commented spec of these answers.
pub fn commented(answers: &InitAnswers) -> String {
    let mut environment = minijinja::Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    let text = environment
        .render_str(include_str!("../../templates/init.yaml.jinja"), minijinja::value::Serde(answers))
        .expect("the template uses only fields of the answers, and a test renders it");
    text.lines().map(aligned).collect()
}

/// The line with its comment at the common column; a line that is all comment stays as it is, but for one behind a value.
fn aligned(line: &str) -> String {
    let begin = line.len() - line.trim_start_matches([' ', '#']).len();
    match line[begin..].split_once(" # ") {
        Some((value, comment)) if value.contains(':') => {
            let value = format!("{}{value}", &line[..begin]);
            format!("{value:<COMMENT_COLUMN$} # {comment}\n")
        }
        _ => format!("{line}\n"),
    }
}
