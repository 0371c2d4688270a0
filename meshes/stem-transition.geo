// Quarter of a round anode stem: aluminium rod, steel flange, steel stem. Lengths in millimetres; axis z, flange face at z = 0.
// Rectangles of the r-z plane turned about the axis in equal sectors: every face is normal to the line between the
// centres on its two sides, so that two-point fluxes need no correction.
SetFactory("Built-in");

rod = 75.28;    // radius of rod and stem: 32 sides of it enclose 133 mm x 133 mm
flange = 120;   // radius of the flange
top = 2000;     // upper end of the rod
plate = 40;     // thickness of the flange
stem = 340;     // length of the stem below the flange
sectors = 8;    // of the quarter

Point(1) = {0, 0, -plate - stem};  Point(2) = {rod, 0, -plate - stem};
Point(3) = {0, 0, -plate};         Point(4) = {rod, 0, -plate};         Point(5) = {flange, 0, -plate};
Point(6) = {0, 0, 0};              Point(7) = {rod, 0, 0};              Point(8) = {flange, 0, 0};
Point(9) = {0, 0, top};            Point(10) = {rod, 0, top};

Line(1) = {1, 2};  Line(2) = {3, 4};  Line(3) = {6, 7};  Line(4) = {9, 10};   // along the radius of the rod
Line(5) = {4, 5};  Line(6) = {7, 8};                                          // across the rim of the flange
Line(7) = {1, 3};  Line(8) = {2, 4};                                          // stem
Line(9) = {3, 6};  Line(10) = {4, 7};  Line(11) = {5, 8};                     // flange
Line(12) = {6, 9}; Line(13) = {7, 10};                                        // rod

Transfinite Curve {1, 2, 3, 4} = 6;
Transfinite Curve {5, 6} = 5;
Transfinite Curve {9, 10, 11} = 6;
Transfinite Curve {7, 8} = 19 Using Progression 1 / 1.1;
Transfinite Curve {12, 13} = 31 Using Progression 1.13;

Curve Loop(1) = {1, 8, -2, -7};    Plane Surface(1) = {1};
Curve Loop(2) = {2, 10, -3, -9};   Plane Surface(2) = {2};
Curve Loop(3) = {5, 11, -6, -10};  Plane Surface(3) = {3};
Curve Loop(4) = {3, 13, -4, -12};  Plane Surface(4) = {4};
Transfinite Surface {1, 2, 3, 4};
Recombine Surface {1, 2, 3, 4};

// Extrude returns the turned rectangle, the volume, then a side for each line of the loop that is not on the axis.
s[] = Extrude {{0, 0, 1}, {0, 0, 0}, Pi / 2} { Surface{1}; Layers{sectors}; Recombine; };
f[] = Extrude {{0, 0, 1}, {0, 0, 0}, Pi / 2} { Surface{2}; Layers{sectors}; Recombine; };
e[] = Extrude {{0, 0, 1}, {0, 0, 0}, Pi / 2} { Surface{3}; Layers{sectors}; Recombine; };
r[] = Extrude {{0, 0, 1}, {0, 0, 0}, Pi / 2} { Surface{4}; Layers{sectors}; Recombine; };

Physical Volume("steel_stem") = {s[1]};
Physical Volume("steel_flange") = {f[1], e[1]};
Physical Volume("aluminium_rod") = {r[1]};

Physical Surface("stem_end") = {s[2]};
Physical Surface("stem_side") = {s[3]};
Physical Surface("flange_below") = {e[2]};
Physical Surface("flange_rim") = {e[3]};
Physical Surface("flange_above") = {e[4]};
Physical Surface("rod_side") = {r[3]};
Physical Surface("rod_end") = {r[4]};
Physical Surface("joint") = {r[2]};
