//! Every error that a user can meet: one list of codes, each with its English
//! sentence.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

/// Declares [`Error`]: per variant a stable code (the page's translation key),
/// its values, and its English sentence.
macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident $code:literal { $($field:ident),* } $text:literal)*) => {
        /// An error that a user can meet, with the values in its sentence.
        /// `Display` writes the English sentence.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Error { $($(#[$doc])* $name {
            $(#[allow(missing_docs)] $field: String),*
        }),* }

        impl Error {
            /// The stable code of this error: the key of its sentence in the
            /// page's languages.
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name { .. } => $code),* }
            }

            /// The values in the sentence, by name.
            pub fn args(&self) -> Vec<(&'static str, String)> {
                match self { $(Self::$name { $($field),* } => vec![$((stringify!($field), $field.clone())),*]),* }
            }

            /// Every code, for the test that the page has a sentence for each
            /// in every language.
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

/// Facts that a host needs about an error.
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
    /// A value that is not a number in its knob's range.
    KnobNumber "knob-number" { key, got, min, max } "{key} must be a number from {min} to {max}; got \"{got}\""
    /// A value that is not a whole number in its knob's range.
    KnobInteger "knob-integer" { key, got, min, max } "{key} must be a whole number from {min} to {max}; got \"{got}\""
    /// A value that is not one of a knob's options.
    KnobChoice "knob-choice" { key, got, options } "{key} must be one of {options}; got \"{got}\""
    /// A list of layer sizes that is empty, too long, or holds a size out of
    /// range.
    KnobSizes "knob-sizes" { key, got, max, most } "{key} must be 1 to {most} layer sizes from 1 to {max}, such as 100-100; got \"{got}\""
    /// Nets with more weights than a page can hold.
    TooLarge "too-large" { got, most } "these nets have {got} weights; at most {most} are allowed"
    /// A gradient penalty on a discriminator with batch norm.
    PenaltyNorm "penalty-norm" {} "the gradient penalty needs a discriminator without batch norm: turn off d_norm, or set penalty, r1 and r2 to 0"
    /// A batch size that is not a multiple of the pack size.
    PackBatch "pack-batch" { batch, pack } "a batch of {batch} images does not divide into packs of {pack}; make batch a multiple of pack"
    /// A conditional GAN on data without labels.
    NeedsLabels "needs-labels" { recipe } "{recipe} needs the class of each image, but this data set has no labels"
    /// A single image where each of the two domains needs at least one.
    NeedsHalves "needs-halves" { recipe } "{recipe} takes the images of even index for one domain and those of odd index for the other, but there is only one image"
    /// A latent vector for a GAN that translates images.
    NoLatents "no-latents" { recipe } "{recipe} translates images; it takes no latent vector"
    /// A class outside the data's.
    Class "class" { got, most } "the class must be from 0 to {most}; got {got}"
    /// A seed that is not a whole number of 32 bits.
    Seed "seed" { got } "the seed must be a whole number from 0 to 4294967295; got \"{got}\""
    /// A knob that shapes the nets, changed during a run.
    NeedsNewRun "needs-new-run" { key } "{key} shapes the nets and needs a new run"
    /// A file that does not begin with the magic number of this IDX type.
    IdxMagic "idx-magic" { kind, got, expected } "this is not an IDX file of {kind}: it begins with {got}, expected {expected}"
    /// Images of another size than 28 x 28.
    IdxSize "idx-size" { rows, columns } "the images are {rows} x {columns} pixels; expected 28 x 28"
    /// A file that declares no items.
    IdxEmpty "idx-empty" { kind } "the file of {kind} declares no items"
    /// A file that ends before what its header declares.
    IdxTruncated "idx-truncated" { kind, got, expected } "the file of {kind} ends after {got} of {expected} items"
    /// A file with bytes after the items that its header declares.
    IdxTrailing "idx-trailing" { kind, expected } "the file of {kind} continues after the {expected} items that its header declares"
    /// A file that holds a different number of items than its header declares.
    IdxCount "idx-count" { kind, got, expected } "the header declares {expected} {kind}, but the file holds {got}: the number in its header is wrong"
    /// IDX sizes in little-endian order.
    IdxOrder "idx-order" { name } "{name} has its sizes in little-endian order; IDX is big-endian: write them with \">I\""
    /// IDX in which each byte was written as two.
    IdxDoubled "idx-doubled" { name } "in {name} each byte is written as two; write single bytes, for example with array('B') instead of array('H')"
    /// An array whose shape is not that of 28 x 28 images.
    Shape "shape" { name, shape } "{name} has the shape {shape}; expected N x 28 x 28, N x 784 or N x 1 x 28 x 28"
    /// A .npy file whose header cannot be read.
    NpyHeader "npy-header" { name } "{name} is not a valid .npy file: its header cannot be read"
    /// A .npy file of a type that is not supported.
    NpyType "npy-type" { name, got } "{name} holds {got}, which is not a supported number type; save it as uint8"
    /// A CSV file with a line that is not a label and pixels.
    CsvLine "csv-line" { name, line } "line {line} of {name} is not a label and pixels in numbers"
    /// A CSV file whose lines are not square images.
    CsvColumns "csv-columns" { name, got } "the lines of {name} have {got} numbers; expected a label and 784 pixels"
    /// An empty file.
    FileEmpty "file-empty" { name } "{name} is empty"
    /// A web page in place of a download.
    FileWebPage "file-web-page" { name } "{name} is a web page, not IDX: the download returned an error page; fetch the file again"
    /// An array format that is not supported.
    FileForeign "file-foreign" { name, format } "{name} is {format}, which is not supported; save its images as .npy, CSV or PNG"
    /// An archive or compression other than gzip or zip.
    FilePacked "file-packed" { name, format } "{name} is packed as {format}; unpack it and load the files inside"
    /// An image format that is not decoded.
    FilePicture "file-picture" { name, format } "{name} is an image in the format {format}, which is not supported; save it as PNG or JPEG"
    /// A file of an unknown format.
    FileUnknown "file-unknown" { name } "{name} has no supported format: a data set is IDX, .npy, .npz, CSV, zip or image files"
    /// A file that is too large.
    FileLarge "file-large" { name, most } "{name} has more than {most} bytes"
    /// No file at all.
    NoFiles "no-files" {} "there are no files"
    /// A file of labels without one of images.
    OnlyLabels "only-labels" { name } "{name} holds labels only; load the file of images too"
    /// Note on a loaded data set: labels outside 0 to 9.
    LabelsBeyond "labels-beyond" { name, least, most } "the labels in {name} go from {least} to {most}, not from 0 to 9: the images are loaded without labels"
    /// Note on a loaded data set: labels from 1 to 10, which either count from
    /// 1 or use 10 for 0.
    LabelsFromOne "labels-from-one" { name } "the labels in {name} go from 1 to 10, and whether 10 stands for 9 or for 0 is unknown: the images are loaded without labels; write labels from 0 to 9"
    /// Note on a loaded data set: scaled images.
    Scaled "scaled" { side } "the images are {side} x {side} pixels and were scaled to 28 x 28"
    /// Note on a loaded data set: EMNIST's images, which lie on their side.
    Sideways "sideways" { name } "EMNIST's images lie on their side: turn {name} upright"
    /// Note on a loaded data set: the files hold other data sets too.
    SetChosen "set-chosen" { name, sets } "there are {sets} data sets; {name} is loaded"
    /// Note on a loaded data set: skipped files.
    PassedOver "passed-over" { count, names } "files skipped because they hold no readable digits: {count} ({names})"
    /// More images than the page holds in memory.
    DataTooLarge "data-too-large" { got, most } "{got} images are more than this page can hold ({most})"
    /// Labels whose number differs from that of the images.
    LabelCount "label-count" { labels, images } "there are {labels} labels for {images} images"
    /// A label outside the classes.
    LabelValue "label-value" { index, got, most } "label {index} is {got}; expected 0 to {most}"
    /// Bytes that arrived with no data set open.
    NoData "no-data" {} "no data set is open"
    /// A latent vector whose length is not the generator's.
    LatentSize "latent-size" { got, expected } "the latent vector has {got} numbers; expected {expected}"
    /// A latent vector with an entry that is not finite.
    LatentNumber "latent-number" { got } "a latent vector must hold finite numbers; got {got}"
    /// A class mix with a share below 0 or a sum other than 1.
    Shares "shares" { got } "the shares of a class mix must be 0 or more and sum to 1; got {got}"
    /// An image whose size is not that of the data's images.
    DigitSize "digit-size" { got, expected } "an image has {expected} bytes; got {got}"
    /// Images whose shape is not the expected one.
    OtherShape "other-shape" { got, expected } "the images are {got}; expected {expected}"
    /// Images of a shape that a recipe's generator cannot output.
    NetShape "net-shape" { recipe, got, made } "the images are {got}, but the nets of {recipe} would generate {made}: their stages double height and width"
    /// A number of samples out of range.
    SampleCount "sample-count" { got, most } "the number of samples must be from 1 to {most}; got {got}"
    /// A snapshot that is not, or no longer, kept.
    NoSnapshot "no-snapshot" { got } "the snapshot {got} of this run is no longer kept"
    /// An index outside an image grid.
    NoDigit "no-digit" { got, most } "there is no image {got} in a grid of {most}"
    /// A loss or statistic that is not finite: training stopped before it
    /// reached the weights.
    NotFinite "not-finite" { what, step } "{what} is not a finite number at step {step}; training stopped before the weights were updated"
    /// More passes over the images than the step counter can hold.
    Epochs "epochs" { got, most } "{got} passes over these images are more steps than can be counted; at most {most} passes are allowed"
    /// A run that no session could resume if it were saved.
    Unsaved "unsaved" { what, why } "this run is not saved, because it could not be resumed: {what} {why}"
    /// A checkpoint that cannot be read.
    Checkpoint "checkpoint" { reason } "this is not a readable checkpoint: {reason}"
    /// An internal fault, such as one of the tensor library: always a bug,
    /// never caused by the user.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_about_a_setting_names_it() {
        let facts = Error::facts();
        assert_eq!(facts.len(), Error::CODES.len(), "two errors share a code");
        let about = |code: &str| facts[code].setting;
        let settings = ["unknown-recipe", "seed", "too-large", "knob-number"].map(about);
        let expected = [Setting::Recipe, Setting::Seed, Setting::Sizes, Setting::Knob];
        assert_eq!(settings, expected.map(Some));
        assert_eq!(about("no-snapshot"), None);
    }
}
