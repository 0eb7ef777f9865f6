// Generated from crate/web/src/protocol.rs; `GANVAS_BLESS=1 cargo test --package ganvas-tests` writes it.

/**
 * Where digits come from.
 */
export type Source = "mnist" | "drawn" | "files";

/**
 * From the page to the worker.
 */
export type Command = { type: "open"; source: Source; transposed: boolean }
  | { type: "images"; bytes: Uint8Array }
  | { type: "labels"; bytes: Uint8Array }
  | { type: "close" }
  | { type: "start"; run: number; recipe: string; seed?: string; knobs: Record<string, string> }
  | { type: "run" }
  | { type: "pause" }
  | { type: "step" }
  | { type: "tune"; key: string; value: string }
  | { type: "decode"; latent: number[]; class?: number }
  | { type: "lend"; bytes: Uint8Array }
  | { type: "sample"; count: number; seed: number };

/**
 * From the worker to the page.
 */
export type Event = { type: "ready"; protocol: number; build: string; recipes: RecipeInfo[] }
  | { type: "started"; run: number; recipe: string; seed: number; knobs: Record<string, string>; latent: number; columns: string[]; classes: number; generator: string[]; discriminator: string[]; generator_weights: number; discriminator_weights: number }
  | { type: "data"; source: Source; images: number; total: number; labels: number; usable: boolean; complete: boolean }
  | { type: "real"; pixels: Uint8Array }
  | { type: "progress"; run: number; step: number; epoch: number; digits_seen: number; steps_per_s: number; images_per_s: number; elapsed_ms: number; training: boolean; waiting: boolean; points: Float32Array | number[]; digest: string | undefined }
  | { type: "samples"; run: number; step: number; pixels: Uint8Array }
  | { type: "decoded"; run: number; pixels: Uint8Array }
  | { type: "lent"; run: number; recipe: string; seed: number; steps: number }
  | { type: "digits"; run: number; step: number; pixels: Uint8Array }
  | { type: "refused"; command: string; run: number | undefined; code: string; args: Record<string, string>; message: string }
  | { type: "fault"; run: number; code: string; args: Record<string, string>; message: string };

/**
 * One kind of GAN, for the menu and its controls. Sentences are i18n keys: `recipe.<id>.name`, `recipe.<id>.about`.
 */
export interface RecipeInfo {
    /**
     * Its id, as in the address.
     */
    id: string;
    /**
     * Its paper: author, year and a link.
     */
    paper: string;
    /**
     * Its controls, in the order to show them, grouped.
     */
    knobs: KnobInfo[];
}

/**
 * One control. Sentences are i18n keys: `knob.<key>.name`, `knob.<key>.why`, `group.<group>`, `option.<option>`.
 */
export interface KnobInfo {
    /**
     * Its key, as in the address.
     */
    key: string;
    /**
     * The group it stands in.
     */
    group: string;
    /**
     * What values it takes.
     */
    kind: KnobKind;
    /**
     * Its default.
     */
    default: string;
    /**
     * Whether it takes effect at once; otherwise it needs a new run.
     */
    live: boolean;
    /**
     * The key and value of another knob without which it does nothing.
     */
    when: [string, string] | undefined;
}

/**
 * What values a knob takes.
 */
export type KnobKind = { is: "number"; min: number; max: number; log: boolean }
  | { is: "integer"; min: number; max: number }
  | { is: "flag" }
  | { is: "choice"; options: string[] }
  | { is: "sizes"; max: number; most: number };
