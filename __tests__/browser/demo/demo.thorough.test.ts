// One file of tests, because all of them use one demo.
import "./command";
import "./order-widget";
import "./admin-captures";
import "./admin-payments";
import "./admin-refunds";
import "./admin-books";
import "./admin-health";
import "./admin-connection";
import "./admin-pictures";
import "./storefront";
