//! Everything that can go wrong for a user: one list of codes, each with its
//! English sentence.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

/// Declares [`Error`]: per variant a stable code (the page's translation key),
/// its values, and its English sentence.
macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident $code:literal { $($field:ident),* } $text:literal)*) => {
        /// What a user did or met, with the values that name it. `Display` is
        /// the English sentence.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Error { $($(#[$doc])* $name {
            $(#[allow(missing_docs)] $field: String),*
        }),* }

        impl Error {
            /// The stable name of this kind of error: the key of its sentence
            /// in the page's languages.
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name { .. } => $code),* }
            }

            /// The values in the sentence, by name.
            pub fn args(&self) -> Vec<(&'static str, String)> {
                match self { $(Self::$name { $($field),* } => vec![$((stringify!($field), $field.clone())),*]),* }
            }

            /// Every code there is, for the test that the page can say each in
            /// every language.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// Every code with the facts of its error.
            pub fn facts() -> BTreeMap<&'static str, ErrorFacts> {
                [$(($code, ErrorFacts::new($code, &[$(stringify!($field)),*]))),*].into()
            }
        }

        impl std::fmt::Display for Error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self { $(Self::$name { $($field),* } => write!(f, $text)),* }
            }
        }
    };
}

/// A setting that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// The recipe.
    Recipe,
    /// The seed.
    Seed,
    /// The knob that the value `key` names.
    Knob,
    /// The knobs that make nets large.
    Sizes,
}

/// What a host has to know of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ErrorFacts {
    /// The names of the values in its sentence.
    pub values: &'static [&'static str],
    /// The setting to correct; none if the error is not about one setting.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<Setting>,
}

impl ErrorFacts {
    fn new(code: &'static str, values: &'static [&'static str]) -> Self {
        let setting = match code {
            "unknown-recipe" => Some(Setting::Recipe),
            "seed" => Some(Setting::Seed),
            "too-large" => Some(Setting::Sizes),
            _ => values.contains(&"key").then_some(Setting::Knob),
        };
        Self { values, setting }
    }
}

errors! {
    /// A recipe that does not exist.
    UnknownRecipe "unknown-recipe" { got, known } "there is no GAN called \"{got}\"; known: {known}"
    /// A knob that the recipe does not have.
    UnknownKnob "unknown-knob" { key, recipe } "{recipe} has no setting called \"{key}\""
    /// A number outside its knob's range, or no number.
    KnobNumber "knob-number" { key, got, min, max } "{key} must be a number from {min} to {max}; got \"{got}\""
    /// A whole number outside its knob's range, or no whole number.
    KnobInteger "knob-integer" { key, got, min, max } "{key} must be a whole number from {min} to {max}; got \"{got}\""
    /// A word that is not among a knob's options.
    KnobChoice "knob-choice" { key, got, options } "{key} must be one of {options}; got \"{got}\""
    /// A list of layer sizes that is empty, too long, or holds a size out of
    /// range.
    KnobSizes "knob-sizes" { key, got, max, most } "{key} must be 1 to {most} layer sizes from 1 to {max}, such as 100-100; got \"{got}\""
    /// Nets so large that they would not fit a page.
    TooLarge "too-large" { got, most } "these nets have {got} weights; at most {most} are allowed"
    /// A gradient penalty on a discriminator with batch norm.
    PenaltyNorm "penalty-norm" {} "the gradient penalty needs a discriminator without batch norm: turn off d_norm, or set penalty, r1 and r2 to 0"
    /// A batch that cannot be cut into packs.
    PackBatch "pack-batch" { batch, pack } "a batch of {batch} digits cannot be judged by {pack} at a time; make batch a multiple of pack"
    /// A GAN that is told labels, on digits without any.
    NeedsLabels "needs-labels" { recipe } "{recipe} is told which digit each one is, but these digits came without labels"
    /// A single digit, where both domains need some.
    NeedsHalves "needs-halves" { recipe } "{recipe} takes even digits for one domain and odd ones for the other, but there is only one digit"
    /// A latent vector for a GAN that translates digits.
    NoLatents "no-latents" { recipe } "{recipe} translates digits; it takes no latent vector"
    /// A class that is no digit.
    Class "class" { got, most } "the class must be from 0 to {most}; got {got}"
    /// A seed that is no 32-bit number.
    Seed "seed" { got } "the seed must be a whole number from 0 to 4294967295; got \"{got}\""
    /// A knob that shapes the nets, turned while they train.
    NeedsNewRun "needs-new-run" { key } "{key} shapes the nets and needs a new run"
    /// A file that does not begin as IDX of this kind does.
    IdxMagic "idx-magic" { kind, got, expected } "this is no IDX file of {kind}: it begins with {got}, expected {expected}"
    /// Images of another size than 28 x 28.
    IdxSize "idx-size" { rows, columns } "the images are {rows} x {columns} pixels; expected 28 x 28"
    /// A file that holds nothing.
    IdxEmpty "idx-empty" { kind } "the file of {kind} declares no items"
    /// A file that ends before what its header declares.
    IdxTruncated "idx-truncated" { kind, got, expected } "the file of {kind} ends after {got} of {expected} items"
    /// A file that goes on after what its header declares.
    IdxTrailing "idx-trailing" { kind, expected } "the file of {kind} goes on after the {expected} items that its header declares"
    /// A file whose header declares another number of items than it holds.
    IdxCount "idx-count" { kind, got, expected } "the header declares {expected} {kind}, but the file holds {got}: the number in its header is wrong"
    /// IDX sizes with their bytes the other way round.
    IdxOrder "idx-order" { name } "{name} has its sizes in little-endian order; IDX is big-endian: write them with \">I\""
    /// IDX of which each byte was written as two.
    IdxDoubled "idx-doubled" { name } "in {name} each byte is written as two; write bytes, such as by array('B') in place of array('H')"
    /// An array whose shape no pictures of digits have.
    Shape "shape" { name, shape } "{name} holds numbers of the shape {shape}; expected N x 28 x 28, N x 784 or N x 1 x 28 x 28"
    /// A .npy file whose header cannot be read.
    NpyHeader "npy-header" { name } "{name} is no sound .npy file: its header cannot be read"
    /// A .npy file of something else than numbers.
    NpyType "npy-type" { name, got } "{name} holds {got}, not numbers that are read here; save it as uint8"
    /// A table with a line that is not like the others.
    CsvLine "csv-line" { name, line } "line {line} of {name} is not a label and pixels in numbers"
    /// A table whose lines are no square pictures.
    CsvColumns "csv-columns" { name, got } "the lines of {name} have {got} numbers; expected a label and 784 pixels"
    /// A file of nothing.
    FileEmpty "file-empty" { name } "{name} is empty"
    /// A web page in place of a download.
    FileWebPage "file-web-page" { name } "{name} is a web page, not IDX: the download gave an error page; fetch the file again"
    /// A format of arrays that is not read.
    FileForeign "file-foreign" { name, format } "{name} is {format}, which is not read here; save its pictures as .npy, CSV or PNG"
    /// Packed otherwise than by gzip or zip.
    FilePacked "file-packed" { name, format } "{name} is packed as {format}; unpack it and bring what is inside"
    /// A format of pictures that is not decoded.
    FilePicture "file-picture" { name, format } "{name} is a picture in the format {format}, which is not read here; save it as PNG or JPEG"
    /// A file of another kind.
    FileUnknown "file-unknown" { name } "{name} is nothing that is read here: digits come as IDX, .npy, .npz, CSV, zip or pictures"
    /// A file of too many bytes.
    FileLarge "file-large" { name, most } "{name} has more than {most} bytes"
    /// No file at all.
    NoFiles "no-files" {} "there are no files"
    /// Labels, and no images.
    OnlyLabels "only-labels" { name } "{name} holds labels only; bring the file of images too"
    /// Said of a set: labels that are no digits.
    LabelsBeyond "labels-beyond" { name, least, most } "the labels in {name} go from {least} to {most}, not from 0 to 9: the pictures are taken without them"
    /// Said of a set: labels that may be counted from 1, or have 10 for 0.
    LabelsFromOne "labels-from-one" { name } "the labels in {name} go from 1 to 10 and do not say whether 10 stands for 9 or for 0: the pictures are taken without them; write labels from 0 to 9"
    /// Said of a set: pictures that were scaled.
    Scaled "scaled" { side } "the pictures are {side} x {side} pixels and were scaled to 28 x 28"
    /// Said of a set: EMNIST's pictures.
    Sideways "sideways" { name } "EMNIST's pictures lie on their side: turn {name} upright"
    /// Said of a set: others lay beside it.
    SetChosen "set-chosen" { name, sets } "there are {sets} data sets; taken is {name}"
    /// Said of a set: files that hold no digits.
    PassedOver "passed-over" { count, names } "passed over, for they hold no digits that are read here: {count} ({names})"
    /// More images than may be held in memory.
    DataTooLarge "data-too-large" { got, most } "{got} images are more than this page can hold ({most})"
    /// Labels whose number differs from the images'.
    LabelCount "label-count" { labels, images } "there are {labels} labels for {images} images"
    /// A label that is no digit class.
    LabelValue "label-value" { index, got, most } "label {index} is {got}; expected 0 to {most}"
    /// Bytes that arrived with no data set open.
    NoData "no-data" {} "no data set is open"
    /// A latent vector of another length than the generator's.
    LatentSize "latent-size" { got, expected } "the latent vector has {got} numbers; expected {expected}"
    /// A latent vector with something in it that is no number.
    LatentNumber "latent-number" { got } "a latent vector holds finite numbers; got {got}"
    /// Shares of classes that are none.
    Shares "shares" { got } "shares of the classes are numbers from 0 that are together 1; got {got}"
    /// An image of another size than those of the data.
    DigitSize "digit-size" { got, expected } "a digit is {expected} bytes; got {got}"
    /// Images of another shape than what is to take them.
    OtherShape "other-shape" { got, expected } "the images are {got}; expected {expected}"
    /// Images of a shape that a recipe's nets cannot make.
    NetShape "net-shape" { recipe, got, made } "the images are {got}, but the nets of {recipe} would make {made}: their stages double height and width"
    /// More samples asked for than may be.
    SampleCount "sample-count" { got, most } "the number of samples must be from 1 to {most}; got {got}"
    /// A kept snapshot that is not, or no longer, kept.
    NoSnapshot "no-snapshot" { got } "the snapshot {got} of this run is no longer kept"
    /// A digit outside its grid.
    NoDigit "no-digit" { got, most } "there is no digit {got} in a grid of {most}"
    /// A loss that is no number: training stopped before the weights took it
    /// in.
    NotFinite "not-finite" { what, step } "{what} is no finite number at step {step}; training stopped before the weights moved"
    /// More passes over the digits than steps can be counted of.
    Epochs "epochs" { got, most } "{got} passes over these digits are more steps than are counted; at most {most} passes are"
    /// A run that nothing could go on from, were it saved.
    Unsaved "unsaved" { what, why } "this run is not saved: nothing could go on from it, since {what} {why}"
    /// A checkpoint that cannot be read.
    Checkpoint "checkpoint" { reason } "this is no checkpoint that can be read: {reason}"
    /// A fault of the tensor library: a bug of ours, never a user's doing.
    Internal "internal" { reason } "internal error: {reason}"
}

impl std::error::Error for Error {}

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        Self::Internal { reason: error.to_string() }
    }
}

/// A result whose error a user can read.
pub type Result<T, E = Error> = std::result::Result<T, E>;
