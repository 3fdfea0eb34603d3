//! One host of a run: a connection that lasts, and scripts over it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::super::host::{Answer, Holder, Mark, Script, heard};
use crate::hosts::{Connection, HostError, HostErrorClass, Reach};

/// What kind of trouble a host had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TroubleClass {
    /// It could not be worked with.
    Host,
    /// A step failed there.
    Step,
    /// Another run holds it.
    Held(Holder),
    /// It lacks what a release needs.
    Lacks,
}

/// Why a step was not done on a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The host.
    pub host: String,
    /// What code reacts to.
    pub class: TroubleClass,
    /// What was being done and what was seen.
    pub sentence: String,
    /// Lines that programs said.
    pub said: Vec<String>,
    /// What to run next.
    pub hint: Option<String>,
}

/// What a script answered: its marks, and lines of text with the number of the mark before them.
pub(super) struct Said {
    pub(super) marks: Vec<Mark>,
    pub(super) text: Vec<(usize, String)>,
}

impl Said {
    /// The rest of the first mark of this word.
    pub(super) fn of(&self, word: &str) -> Option<&str> {
        self.marks.iter().find(|mark| mark.word == word).map(|mark| mark.rest.as_str())
    }
}

/// A host and the connection to it.
pub struct Host {
    reach: Arc<dyn Reach>,
    connection: Mutex<Option<Box<dyn Connection>>>,
}

impl Host {
    /// A host that is not connected to yet.
    pub fn new(reach: Arc<dyn Reach>) -> Self {
        Self { reach, connection: Mutex::new(None) }
    }

    /// The host as the person wrote it.
    pub fn name(&self) -> &str {
        self.reach.name()
    }

    pub(super) fn trouble(&self, class: TroubleClass, sentence: impl Into<String>) -> Trouble {
        Trouble {
            host: self.name().to_owned(),
            class,
            sentence: sentence.into(),
            said: Vec::new(),
            hint: None,
        }
    }

    /// Runs a script to its end. Every script of a release may be run again, so one that was cut off is tried a second time
    /// over a new connection.
    pub(super) async fn ask(&self, script: &Script, within: Duration) -> Result<Said, Trouble> {
        let text = script.text();
        let said = match self.run(&text, within).await {
            Err(error) if error.class == HostErrorClass::CutOff => self.run(&text, within).await,
            other => other,
        };
        let said = said.map_err(|error| Trouble {
            hint: error.hint.clone(),
            ..self.trouble(TroubleClass::Host, error.to_string())
        })?;
        match heard(&said.stdout, &said.stderr) {
            Answer::Done { marks, text } => Ok(Said { marks, text }),
            Answer::Failed { what, text } => {
                Err(Trouble { said: text, ..self.trouble(TroubleClass::Step, what) })
            }
            Answer::Held(holder) => {
                let sentence = format!("{} holds it: {}", holder.who, holder.why);
                Err(self.trouble(TroubleClass::Held(holder), sentence))
            }
            Answer::CutOff { text } => {
                let sentence = format!("the script ended in the middle with status {}", said.status);
                Err(Trouble { said: text, ..self.trouble(TroubleClass::Host, sentence) })
            }
        }
    }

    async fn run(&self, text: &str, within: Duration) -> Result<crate::hosts::Said, HostError> {
        let mut held = self.connection.lock().await;
        let connection = match held.take() {
            Some(connection) => connection,
            None => self.reach.connect().await?,
        };
        let said = connection.run(text, within).await;
        if said.is_ok() {
            *held = Some(connection);
        }
        said
    }
}
