// What the page uses of the libraries that the build copies into vendor/.
declare module "*/uPlot.esm.js" {
  interface Series {
    label?: string;
    stroke?: string;
    width?: number;
    dash?: number[];
    auto?: boolean;
    points?: { show: boolean };
  }
  interface Axis {
    stroke?: string;
    font?: string;
    size?: number | ((chart: uPlot, values: string[] | null) => number);
    space?: number;
    incrs?: number[];
    gap?: number;
    grid?: { stroke: string; width: number };
    ticks?: { show: boolean };
    values?: (chart: uPlot, splits: number[]) => string[];
  }
  interface Options {
    width: number;
    height: number;
    padding?: (number | null | ((chart: uPlot) => number))[];
    legend?: { show: boolean };
    cursor?: { y?: boolean; points?: { size: number }; drag?: { x: boolean; y: boolean; setScale: boolean } };
    scales?: Record<
      string,
      { time?: boolean; range?: (chart: uPlot, min: number, max: number) => [number, number] }
    >;
    series: Series[];
    axes: Axis[];
    hooks?: {
      setCursor?: ((chart: uPlot) => void)[];
      setScale?: ((chart: uPlot, key: string) => void)[];
      draw?: ((chart: uPlot) => void)[];
    };
  }
  class uPlot {
    /** Columns of several tables by their common first one; `undefined` where a table has nothing. */
    static join(tables: ArrayLike<number>[][]): ArrayLike<number>[];
    constructor(options: Options, data: ArrayLike<number>[], target: HTMLElement);
    cursor: { idx?: number | null };
    ctx: CanvasRenderingContext2D;
    bbox: { left: number; top: number; width: number; height: number };
    valToPos(value: number, scale: string, canvasPixels?: boolean): number;
    data: ArrayLike<number>[];
    scales: Record<string, { min?: number; max?: number }>;
    setData(data: ArrayLike<number>[], resetScales?: boolean): void;
    redraw(rebuildPaths?: boolean): void;
    setSize(size: { width: number; height: number }): void;
    destroy(): void;
  }
  export default uPlot;
}

declare module "*/mediabunny.js" {
  type Codec = "vp8" | "vp9";
  class BufferTarget {
    /** The file, once it is finalized. */
    buffer: ArrayBuffer | null;
  }
  class WebMOutputFormat {}
  class CanvasSource {
    constructor(
      canvas: HTMLCanvasElement,
      config: { codec: Codec; bitrate: number; keyFrameInterval?: number },
    );
    /** Codes what the canvas shows; times in seconds. Waits while the encoder is behind. */
    add(timestamp: number, duration: number): Promise<void>;
  }
  class Output {
    constructor(options: { format: WebMOutputFormat; target: BufferTarget });
    target: BufferTarget;
    addVideoTrack(source: CanvasSource, metadata?: { frameRate?: number }): void;
    start(): Promise<void>;
    finalize(): Promise<void>;
  }
  function getFirstEncodableVideoCodec(
    codecs: Codec[],
    options: { width: number; height: number; bitrate: number },
  ): Promise<Codec | null>;
}

declare module "*/fflate.js" {
  interface Entry {
    name: string;
    originalSize: number;
  }
  export class Gunzip {
    constructor(ondata: (bytes: Uint8Array, last: boolean) => void);
    push(bytes: Uint8Array, last?: boolean): void;
  }
  export function unzipSync(
    bytes: Uint8Array,
    options: { filter(entry: Entry): boolean },
  ): Record<string, Uint8Array>;
}
