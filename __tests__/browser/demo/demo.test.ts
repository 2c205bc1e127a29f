// One file, because all of them use one demo.
import "./storefront";
import "./order-widget";
import "./command";
