/** A file to be answered, by whoever may answer it. */
export type FileReply = {
  contentType: string;
  fileName: string;
  /** False: handed over as a file even where a browser could show it. */
  inPlace?: false;
  /** Changes exactly when the bytes do, and is known before they are made: a copy in hand saves the work. */
  version: string;
  render(): Promise<Buffer>;
};
