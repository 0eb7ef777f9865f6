//! What the worker tells.

use std::collections::BTreeMap;

use ganvas::recipe::Trainer;
use ganvas::train::{IterationView, Phase};
use ganvas::watch::{Alarm, Survey};
use serde::Serialize;
use serde_bytes::ByteBuf;
use ts_rs::TS;

use super::{
    Assessment, Autosaved, Catalogue, Classes, Directions, File, Filters, Histograms, Identified,
    Inspected, Inverting, Nearest, Picture, QuickSurveyInfo, RatesFall, RecipeInfo, RemedyInfo,
    Resumed, SchoolTest, Source, Unreadable, Wanted,
};

/// From the worker to the page.
#[derive(Debug, Serialize, TS)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// The worker is up. Sent once.
    Ready {
        /// [`PROTOCOL`] of this worker.
        protocol: u32,
        /// Which of the wasm builds it runs, such as `simd128`.
        build: String,
        /// Every kind of GAN, first the default.
        recipes: Vec<RecipeInfo>,
        /// What else there is to know of the engine.
        catalogue: Catalogue,
    },
    /// A new run stands at step 0.
    Started {
        /// The run.
        run: u32,
        /// The recipe's id.
        recipe: String,
        /// Who plays.
        trainer: Trainer,
        /// The seed, drawn or given.
        seed: u32,
        /// Every knob's value, by key.
        knobs: BTreeMap<String, String>,
        /// How many numbers the generator takes; 0: it takes digits.
        latent: u32,
        /// How many of them, the last ones, say which mode it is: one of them
        /// is 3, the others 0.
        modes: u32,
        /// What the columns of the grid of `samples` show, where they differ:
        /// `a`, `a-b`, `a-b-a`, ...; the page's words are `pairs.<column>`.
        columns: Vec<String>,
        /// How many classes it can be told to make; 0: it is told none.
        classes: u32,
        /// The generator, layer by layer, such as `dense 100 relu`.
        generator: Vec<String>,
        /// The discriminator, layer by layer.
        discriminator: Vec<String>,
        /// Weights of the generator.
        generator_weights: u32,
        /// Weights of the discriminator.
        discriminator_weights: u32,
        /// About how many bytes a `autosaved` of the run has.
        snapshot_bytes: f64,
    },
    /// The whole of a file is needed.
    Wanted(Wanted),
    /// The data set that files hold is at hand, for `open`.
    Identified(Identified),
    /// Files hold no data set that can be used.
    Unreadable(Unreadable),
    /// Digits arrived, or the data set changed.
    Data {
        /// Of which data set.
        source: Source,
        /// Digits that are in.
        images: u32,
        /// Digits that it will have; 0 while unknown.
        total: u32,
        /// Labels that are in.
        labels: u32,
        /// Whether enough is in to train on it: then it is the data set in use.
        usable: bool,
        /// Whether no more will come.
        complete: bool,
    },
    /// Real digits to show beside the generated ones.
    Real {
        /// One byte a pixel, digit after digit, 784 each.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Where training stands: about ten times a second, and after every command
    /// that changes it.
    Progress {
        /// The run.
        run: u32,
        /// Iterations done.
        step: u32,
        /// Real digits seen, by the number that the set has.
        epoch: f64,
        /// Real digits the discriminator has seen.
        digits_seen: f64,
        /// Iterations a second, lately; 0 while paused.
        steps_per_s: f64,
        /// Real digits a second, lately; 0 while paused.
        images_per_s: f64,
        /// Time spent training this run, in milliseconds.
        elapsed_ms: f64,
        /// Whether it is training now.
        training: bool,
        /// Whether it stands still because the digits it needs have not
        /// arrived.
        waiting: bool,
        /// Steps until this epoch ends.
        epoch_left: u32,
        /// Whether it stands within an iteration, of which some phases are
        /// played.
        mid_iteration: bool,
        /// New points of the curves, seven numbers each: step, loss of D on
        /// real, loss of D on generated, loss of G, what penalties or the cycle
        /// add, norm of D's gradient, norm of G's.
        #[ts(type = "Float32Array | number[]")]
        points: Vec<f32>,
        /// While not training: a hash (16 hex digits) of weights, moments,
        /// chance and data position.
        #[ts(optional)]
        digest: Option<String>,
    },
    /// Digits of the run's fixed latents, or of the same pairs at every step.
    Samples {
        /// The run.
        run: u32,
        /// The iteration they were made after.
        step: u32,
        /// One byte a pixel, digit after digit, 784 each.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// The digit of the newest latent vector asked for.
    Decoded {
        /// The run.
        run: u32,
        /// 784 bytes.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// The digits that `decode-many` asked for.
    DecodedMany {
        /// The run.
        run: u32,
        /// The request.
        id: u32,
        /// One byte a pixel, digit after digit, 784 each.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// The generator's principal directions, strongest first.
    Directions(Directions),
    /// The training digits nearest to one, nearest first.
    Nearest(Nearest),
    /// What is made of a digit that somebody drew.
    Assessment(Assessment),
    /// How far the search for a latent vector is.
    Inverting(Inverting),
    /// The digits of a picture.
    Picture(Picture),
    /// The classes of pictures.
    Classes(Classes),
    /// A file that was asked for.
    File(File),
    /// The run as it stood at an iteration, to be stored: `resume` goes on from
    /// it bit for bit.
    Autosaved(Autosaved),
    /// The run goes on from a saved one; comes after `started`.
    Resumed(Resumed),
    /// The run shows digits by a generator that was trained elsewhere, until it
    /// has taken a step of its own.
    Pretrained {
        /// The run.
        run: u32,
        /// The recipe it was trained by.
        recipe: String,
        /// The seed it was trained from.
        seed: u32,
        /// For how many iterations.
        steps: u32,
    },
    /// D's scores of the last digits it was trained on, as histograms, while
    /// [`Command::Watch`] asks for them.
    Scores(Histograms),
    /// A quick look at the last digits generated, about every 50 steps.
    QuickSurvey(QuickSurveyInfo),
    /// The judge does not know such digits as these: nothing of them is judged.
    NotJudged {
        /// The run.
        run: u32,
    },
    /// The digits measured: while [`Command::Watch`] asks for quality, when
    /// training pauses, and where an alarm may be due.
    Survey {
        /// The run.
        run: u32,
        /// The figures.
        survey: Survey,
        /// What it took, in milliseconds.
        cost_ms: f64,
    },
    /// Training does not get better any more, by the last surveys.
    Plateau {
        /// The run.
        run: u32,
        /// The iteration of the best survey.
        best: u32,
        /// The iteration.
        step: u32,
    },
    /// The rates fall from here on.
    RatesFall(RatesFall),
    /// How far the school test is.
    School(SchoolTest),
    /// The digits are nearer to real ones than ever before, by the last
    /// surveys.
    Best {
        /// The run.
        run: u32,
        /// The snapshot that is kept of it.
        snapshot: u32,
        /// The iteration.
        step: u32,
    },
    /// Something is wrong with the run: `alarm.<alarm>` says what,
    /// `alarm.<alarm>.why` on what evidence.
    Alarm {
        /// The run.
        run: u32,
        /// The iteration.
        step: u32,
        /// Which alarm.
        alarm: Alarm,
        /// The evidence.
        args: BTreeMap<String, String>,
        /// What may help, most promising first.
        remedies: Vec<RemedyInfo>,
    },
    /// An alarm's definition no longer holds.
    AlarmCleared {
        /// The run.
        run: u32,
        /// Which alarm.
        alarm: Alarm,
    },
    /// The run at this iteration is kept: it can be gone back to.
    Snapshot {
        /// The run.
        run: u32,
        /// Its number.
        id: u32,
        /// The iteration.
        step: u32,
        /// Which branch of the run it is on, from 0.
        branch: u32,
        /// Bytes that all kept snapshots take.
        bytes: f64,
        /// Bytes that they may take.
        most: f64,
        /// The grid of `samples` there.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Kept snapshots made room for others.
    SnapshotsDropped {
        /// The run.
        run: u32,
        /// Their numbers.
        ids: Vec<u32>,
    },
    /// The run stands where it stood at a kept snapshot.
    Returned {
        /// The run.
        run: u32,
        /// The snapshot's number.
        snapshot: u32,
        /// The iteration.
        step: u32,
        /// The branch that begins here.
        branch: u32,
        /// Every knob's value, by key.
        knobs: BTreeMap<String, String>,
    },
    /// What an iteration is at, after one of its phases.
    Iteration {
        /// The run.
        run: u32,
        /// Iterations done.
        step: u32,
        /// The phase that was played.
        phase: Phase,
        /// The phase that is next.
        next: Phase,
        /// The tensors at hand.
        view: IterationView,
        /// The last losses: of D on real, of D on generated, of G, and what
        /// penalties or the cycle add.
        losses: Vec<f32>,
        /// Norms of the last gradients, D's and G's.
        norms: Vec<f32>,
    },
    /// What D says of a digit.
    Inspected(Inspected),
    /// What D's first layer looks for.
    Filters(Filters),
    /// The worker lives.
    Pong,
    /// The digits that `sample` asked for.
    Digits {
        /// The run.
        run: u32,
        /// The iteration they were made after.
        step: u32,
        /// One byte a pixel, digit after digit, 784 each.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Something asked for cannot be had; nothing changed.
    Refused {
        /// The `type` of the command refused.
        command: String,
        /// The run that `start` asked for, where it was that.
        #[ts(optional)]
        run: Option<u32>,
        /// The error's code: the key of its sentence.
        #[ts(type = "ErrorCode")]
        code: String,
        /// The values in the sentence.
        args: BTreeMap<String, String>,
        /// The sentence in English.
        message: String,
    },
    /// Training stopped by itself; the weights are those from before the fault.
    Fault {
        /// The run.
        run: u32,
        /// The error's code: the key of its sentence.
        #[ts(type = "ErrorCode")]
        code: String,
        /// The values in the sentence.
        args: BTreeMap<String, String>,
        /// The sentence in English.
        message: String,
        /// What may help.
        remedies: Vec<RemedyInfo>,
    },
}
