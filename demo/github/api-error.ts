// A refusal as GitHub words it: status, message, and the list of errors that a 422 carries.

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;

  constructor(status: number, message: string, errors?: readonly unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = (): ApiError => new ApiError(404, "Not Found");
export const notForApps = (): ApiError => new ApiError(403, "Resource not accessible by integration");
export const unprocessable = (message: string): ApiError => new ApiError(422, message);

/** GitHub's usual 422, which names the resource and what was wrong with it. */
export const validationFailed = (resource: string, field: string, message: string, code = "custom"): ApiError =>
  new ApiError(422, "Validation Failed", [{ resource, field, code, message }]);
