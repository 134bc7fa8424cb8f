export type Answer = { status: number; json: unknown; headers?: Record<string, string> };

export const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  json: { error: { message, status_code: status, code } },
});
