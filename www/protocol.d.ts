// Temporary hand copy until generated from crate/web/src/protocol.rs by `cargo ganvas build`; a test compares them.
export type Source = "mnist" | "drawn" | "files";
export type Command =
  | { type: "open"; source: Source; transposed: boolean }
  | { type: "images"; bytes: Uint8Array }
  | { type: "labels"; bytes: Uint8Array }
  | { type: "close" }
  | { type: "start"; run: number; recipe: string; seed?: string; knobs: Record<string, string> }
  | { type: "run" }
  | { type: "pause" }
  | { type: "step" }
  | { type: "tune"; key: string; value: string }
  | { type: "decode"; latent: number[] }
  | { type: "sample"; count: number; seed: number };
export type KnobKind =
  | { is: "number"; min: number; max: number; log: boolean }
  | { is: "integer"; min: number; max: number }
  | { is: "flag" }
  | { is: "choice"; options: string[] }
  | { is: "sizes"; max: number; most: number };
export interface KnobInfo {
  key: string;
  group: string;
  kind: KnobKind;
  default: string;
  live: boolean;
}
export interface RecipeInfo {
  id: string;
  paper: string;
  knobs: KnobInfo[];
}
export type Event =
  | { type: "ready"; protocol: number; build: string; recipes: RecipeInfo[] }
  | {
      type: "started";
      run: number;
      recipe: string;
      seed: number;
      knobs: Record<string, string>;
      latent: number;
      generator: string[];
      discriminator: string[];
      generator_weights: number;
      discriminator_weights: number;
    }
  | {
      type: "data";
      source: Source;
      images: number;
      total: number;
      labels: number;
      usable: boolean;
      complete: boolean;
    }
  | { type: "real"; pixels: Uint8Array }
  | {
      type: "progress";
      run: number;
      step: number;
      epoch: number;
      digits_seen: number;
      steps_per_s: number;
      images_per_s: number;
      elapsed_ms: number;
      training: boolean;
      waiting: boolean;
      points: Float32Array | number[];
      digest: string | undefined;
    }
  | { type: "samples"; run: number; step: number; pixels: Uint8Array }
  | { type: "decoded"; run: number; pixels: Uint8Array }
  | { type: "digits"; run: number; step: number; pixels: Uint8Array }
  | {
      type: "refused";
      command: string;
      run: number | undefined;
      code: string;
      args: Record<string, string>;
      message: string;
    }
  | { type: "fault"; run: number; code: string; args: Record<string, string>; message: string };
