//! The events that the worker sends.

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
        /// Every type of GAN, the default first.
        recipes: Vec<RecipeInfo>,
        /// Other facts about the engine.
        catalogue: Catalogue,
    },
    /// A new run stands at step 0.
    Started {
        /// The run.
        run: u32,
        /// The recipe's id.
        recipe: String,
        /// Which players there are.
        trainer: Trainer,
        /// The seed, random or given.
        seed: u32,
        /// Every knob's value, by key.
        knobs: BTreeMap<String, String>,
        /// Dimension of the generator's latent vector; 0 if it takes images.
        latent: u32,
        /// How many of the last dimensions encode the mode: one of them is 3,
        /// the others 0.
        modes: u32,
        /// What the columns of the grid of `samples` show, if they differ: `a`,
        /// `a-b`, `a-b-a`, ...; the page's words are `pairs.<column>`.
        columns: Vec<String>,
        /// Number of classes the generator is conditioned on; 0 if it is
        /// unconditional.
        classes: u32,
        /// The generator, layer by layer, such as `dense 100 relu`.
        generator: Vec<String>,
        /// The discriminator, layer by layer.
        discriminator: Vec<String>,
        /// Number of weights of the generator.
        generator_weights: u32,
        /// Number of weights of the discriminator.
        discriminator_weights: u32,
        /// Approximate size of an `autosaved` of the run, in bytes.
        autosave_bytes: f64,
    },
    /// A complete file is needed.
    Wanted(Wanted),
    /// The data set that files hold is available, for `open`.
    Identified(Identified),
    /// Files hold no usable data set.
    Unreadable(Unreadable),
    /// Images arrived, or the data set changed.
    Data {
        /// The source of the data set.
        source: Source,
        /// Images loaded so far.
        images: u32,
        /// Images that the set will have; 0 while unknown.
        total: u32,
        /// Labels loaded so far.
        labels: u32,
        /// Whether enough is loaded to train on: then it is the data set in
        /// use.
        usable: bool,
        /// Whether no more will come.
        complete: bool,
    },
    /// Real images to show beside the generated ones.
    Real {
        /// One byte a pixel, image after image, 784 each.
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
        /// Real images seen, over the size of the data set.
        epoch: f64,
        /// Real images that the discriminator has seen.
        images_seen: f64,
        /// Iterations a second, recently; 0 while paused.
        steps_per_s: f64,
        /// Real images a second, recently; 0 while paused.
        images_per_s: f64,
        /// Time spent training this run, in milliseconds.
        elapsed_ms: f64,
        /// Whether it is training now.
        training: bool,
        /// Whether training waits for images that have not arrived.
        waiting: bool,
        /// Steps until this epoch ends.
        epoch_left: u32,
        /// Whether it stands within an iteration, of which some phases are
        /// done.
        mid_iteration: bool,
        /// New points of the curves, seven numbers each: step, loss of D on
        /// real, loss of D on generated, loss of G, what penalties or the cycle
        /// add, norm of D's gradient, norm of G's.
        #[ts(type = "Float32Array | number[]")]
        points: Vec<f32>,
        /// While not training: a hash (16 hex digits) of weights, moments,
        /// random streams and data position.
        #[ts(optional)]
        digest: Option<String>,
    },
    /// Images of the run's fixed latent vectors, or of the same pairs at every
    /// step.
    Samples {
        /// The run.
        run: u32,
        /// The iteration after which they were made.
        step: u32,
        /// One byte a pixel, image after image, 784 each.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// The image of the newest latent vector requested.
    Decoded {
        /// The run.
        run: u32,
        /// 784 bytes.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// The images that `decode-many` requested.
    DecodedMany {
        /// The run.
        run: u32,
        /// The request.
        id: u32,
        /// One byte a pixel, image after image, 784 each.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// The generator's principal directions, strongest first.
    Directions(Directions),
    /// The training images nearest to a digit, nearest first.
    Nearest(Nearest),
    /// What D, the judge and the translators make of a digit that the visitor
    /// drew.
    Assessment(Assessment),
    /// The progress of the search for a latent vector.
    Inverting(Inverting),
    /// The images in a picture.
    Picture(Picture),
    /// The classes of pictures, by the folders they are in.
    Classes(Classes),
    /// A file of the run that the page requested.
    File(File),
    /// State of the run after an iteration, for the page to store: `resume`
    /// continues from it bit for bit.
    Autosaved(Autosaved),
    /// The run continues from a saved one; comes after `started`.
    Resumed(Resumed),
    /// The run shows images of a pretrained generator until it has done its
    /// first step.
    Pretrained {
        /// The run.
        run: u32,
        /// The recipe it was trained with.
        recipe: String,
        /// The seed it was trained with.
        seed: u32,
        /// The number of iterations it was trained for.
        steps: u32,
    },
    /// Histograms of D's scores of the last images it was trained on, while
    /// [`Command::Watch`] requests them.
    Scores(Histograms),
    /// A quick survey of a few generated images, about every 50 steps.
    QuickSurvey(QuickSurveyInfo),
    /// The judge does not recognise the real images: no images are judged.
    NotJudged {
        /// The run.
        run: u32,
    },
    /// A survey: at intervals, shorter while [`Command::Watch`] requests
    /// quality; when training pauses; and to confirm or clear an alarm.
    Survey {
        /// The run.
        run: u32,
        /// The results.
        survey: Survey,
        /// Time it took, in milliseconds.
        cost_ms: f64,
    },
    /// Training no longer gets better, by the last surveys.
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
    /// The progress of the school test.
    School(SchoolTest),
    /// The images are nearer to real ones than ever before, by the last
    /// surveys.
    Best {
        /// The run.
        run: u32,
        /// The number of the snapshot kept of it.
        snapshot: u32,
        /// The iteration.
        step: u32,
    },
    /// Something is wrong with the run: `alarm.<alarm>` says what,
    /// `alarm.<alarm>.why` gives the evidence.
    Alarm {
        /// The run.
        run: u32,
        /// The iteration.
        step: u32,
        /// Which alarm.
        alarm: Alarm,
        /// The evidence.
        args: BTreeMap<String, String>,
        /// Remedies, most promising first.
        remedies: Vec<RemedyInfo>,
    },
    /// An alarm's definition no longer holds.
    AlarmCleared {
        /// The run.
        run: u32,
        /// Which alarm.
        alarm: Alarm,
    },
    /// A snapshot of the run at this iteration is kept: `return` goes back to
    /// it.
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
        /// Greatest number of bytes that they can take.
        most: f64,
        /// The grid of `samples` at that iteration.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Kept snapshots were dropped to make room for others.
    SnapshotsDropped {
        /// The run.
        run: u32,
        /// Their numbers.
        ids: Vec<u32>,
    },
    /// The run is back at a kept snapshot.
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
    /// The state of an iteration, after one of its phases.
    Iteration {
        /// The run.
        run: u32,
        /// Iterations done.
        step: u32,
        /// The phase just done.
        phase: Phase,
        /// The phase that follows.
        next: Phase,
        /// The tensors available.
        view: IterationView,
        /// The last losses: of D on real, of D on generated, of G, and what
        /// penalties or the cycle add.
        losses: Vec<f32>,
        /// Norms of the last gradients, D's and G's.
        norms: Vec<f32>,
    },
    /// D's score of an image, and which of its pixels matter.
    Inspected(Inspected),
    /// The filters of D's first layer.
    Filters(Filters),
    /// The answer to `ping`.
    Pong,
    /// The images that `sample` requested.
    Digits {
        /// The run.
        run: u32,
        /// The iteration after which they were made.
        step: u32,
        /// One byte a pixel, image after image, 784 each.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// A request was refused; nothing changed.
    Refused {
        /// The `type` of the command refused.
        command: String,
        /// The run that the command was to start, if any.
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
    /// An error stopped training; the weights are those from before it.
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
        /// Remedies.
        remedies: Vec<RemedyInfo>,
    },
}
