import { tearDown } from "./global-setup";

/** After the last test. */
export default tearDown;
